import { array, boot, uint8 } from "goheap";

//zh 空的字节数一样，分母大了
//en as many bytes unused, of many more
const size = 262145;

const go = boot();
const ref = go.new(array(size, uint8));
const { path, npages, elemsize } = go.where(ref);
const waste = elemsize - size;
const percent = ((100 * waste) / elemsize).toFixed(2);
table([{ size, path, npages, elemsize, waste, percent }]);
