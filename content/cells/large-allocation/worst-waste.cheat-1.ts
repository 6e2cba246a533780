import { array, boot, uint8 } from "goheap";

//zh 最小的大对象，只空 7 个字节
//en the least large object leaves 7 bytes
const size = 32761;

const go = boot();
const ref = go.new(array(size, uint8));
const { path, npages, elemsize } = go.where(ref);
const waste = elemsize - size;
const percent = ((100 * waste) / elemsize).toFixed(2);
table([{ size, path, npages, elemsize, waste, percent }]);
