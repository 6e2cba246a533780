import { array, boot, uint8 } from "goheap";

//zh 小对象浪费得再多也不算
//en a small object does not count
const size = 18433;

const go = boot();
const ref = go.new(array(size, uint8));
const { path, npages, elemsize } = go.where(ref);
const waste = elemsize - size;
const percent = ((100 * waste) / elemsize).toFixed(2);
table([{ size, path, npages, elemsize, waste, percent }]);
