import { array, boot, uint8 } from "goheap";

const go = boot();
//zh 过了一个字节
//en one byte too many
const T = array(49, uint8);

const { elemsize, sizeclass } = go.where(go.new(T));
table([{ size: T.size, elemsize, sizeclass }]);
