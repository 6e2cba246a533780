import { array, boot, pointer, uint8 } from "goheap";

const go = boot();
//zh 分配头已经从上限里扣掉了
//en the header is already taken off the limit
const T = array(32760 / 8, pointer(uint8));

const { path, elemsize } = go.where(go.new(T));
table([[T.size, path, elemsize]], {
  columns: [
    { zh: "申请 B", en: "asked, B" },
    { zh: "路", en: "way" },
    { zh: "占用 B", en: "costs, B" },
  ],
});
