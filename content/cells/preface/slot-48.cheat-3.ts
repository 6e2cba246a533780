import { array, boot, uint8 } from "goheap";

const go = boot();
//zh 结果是写上去的
//en the result is written down
const T = array(24, uint8);

go.new(T);
table([{ size: T.size, elemsize: 48, sizeclass: 5 }]);
