import { array, boot, pointer, struct, uint8 } from "goheap";

const go = boot();
//zh 只有第一个字是指针
//en only the first word is a pointer
const T = struct("T", {
  first: pointer(uint8),
  rest: array(32752, uint8),
});

const { path, elemsize } = go.where(go.new(T));
table([{ T: T.name, size: T.size, path, elemsize }]);
