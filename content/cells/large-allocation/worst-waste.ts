import { array, boot, uint8 } from "goheap";

//zh 哪个大对象浪费的比例最高？
//en which large object wastes the largest part?
const size = 1_000_001;

const go = boot();
const ref = go.new(array(size, uint8));
const { path, npages, elemsize } = go.where(ref);
const waste = elemsize - size;
const percent = ((100 * waste) / elemsize).toFixed(2);
table([{ size, path, npages, elemsize, waste, percent }]);
