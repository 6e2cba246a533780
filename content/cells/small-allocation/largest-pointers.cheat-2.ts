import { array, boot, pointer, uint8 } from "goheap";

const go = boot();
//zh 大小对了，却不是指针
//en the size is right, but there are no pointers
const T = array(32760, uint8);

const { path, elemsize } = go.where(go.new(T));
table([[T.size, path, elemsize]], {
  columns: [
    { zh: "申请 B", en: "asked, B" },
    { zh: "路", en: "way" },
    { zh: "占用 B", en: "costs, B" },
  ],
});
