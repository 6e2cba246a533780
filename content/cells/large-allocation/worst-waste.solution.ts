import { array, boot, uint8 } from "goheap";

//zh 五页里最小的
//en the least that takes five pages
const size = 32769;

const go = boot();
const ref = go.new(array(size, uint8));
const { path, npages, elemsize } = go.where(ref);
const waste = elemsize - size;
const percent = ((100 * waste) / elemsize).toFixed(2);
table([{ size, path, npages, elemsize, waste, percent }]);
