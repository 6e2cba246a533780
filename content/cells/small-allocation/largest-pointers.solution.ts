import { array, boot, pointer, uint8 } from "goheap";

const go = boot();
//zh 分配头已经从上限里扣掉了
//en the header is already taken off the limit
const T = array(32760 / 8, pointer(uint8));

const { path, elemsize } = go.where(go.new(T));
table([{ T: T.name, size: T.size, path, elemsize }]);
