import { array, boot, pointer, uint8 } from "goheap";

const go = boot();
//zh 把分配头又减了一次
//en takes the header off a second time
const T = array(4094, pointer(uint8));

const { path, elemsize } = go.where(go.new(T));
table([{ T: T.name, size: T.size, path, elemsize }]);
