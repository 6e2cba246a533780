import { array, boot, uint8 } from "goheap";

const go = boot();
//zh 改这一行
//en change this line
const T = array(24, uint8);

const { elemsize, sizeclass } = go.where(go.new(T));
table([{ size: T.size, elemsize, sizeclass }]);
