import { array, boot, pointer, uint8 } from "goheap";

const go = boot();
//zh 改这一行
//en change this line
const T = array(1000, pointer(uint8));

const { path, elemsize } = go.where(go.new(T));
table([[T.size, path, elemsize]], {
  columns: [
    { zh: "申请 B", en: "asked, B" },
    { zh: "路", en: "way" },
    { zh: "占用 B", en: "costs, B" },
  ],
});
