import { array, boot, pointer, uint8 } from "goheap";

const go = boot();
//zh 改这一行
//en change this line
const T = array(1000, pointer(uint8));

const { path, elemsize } = go.where(go.new(T));
table([{ T: T.name, size: T.size, path, elemsize }]);
