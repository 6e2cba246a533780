import { array, boot, pointer, struct, uint8 } from "goheap";

const go = boot();
//zh 只有第一个字是指针
//en only the first word is a pointer
const T = struct("T", { first: pointer(uint8), rest: array(32752, uint8) });

const { path, elemsize } = go.where(go.new(T));
table([[T.size, path, elemsize]], {
  columns: [
    { zh: "申请 B", en: "asked, B" },
    { zh: "路", en: "way" },
    { zh: "占用 B", en: "costs, B" },
  ],
});
