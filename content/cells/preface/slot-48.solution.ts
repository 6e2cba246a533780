import { array, boot, uint8 } from "goheap";

const go = boot();
//zh 33 到 48 字节都在这一类
//en anything from 33 to 48 bytes is of this class
const T = array(33, uint8);

const { elemsize, sizeclass } = go.where(go.new(T));
table([{ size: T.size, elemsize, sizeclass }]);
