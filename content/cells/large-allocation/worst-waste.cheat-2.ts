import { array, boot, uint8 } from "goheap";

//zh 六页里最小的，空得同样多，比例却小些
//en the least of six pages: as many bytes, a smaller part
const size = 40961;

const go = boot();
const ref = go.new(array(size, uint8));
const { path, npages, elemsize } = go.where(ref);
const waste = elemsize - size;
const percent = ((100 * waste) / elemsize).toFixed(2);
table([{ size, path, npages, elemsize, waste, percent }]);
