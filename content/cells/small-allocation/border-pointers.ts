import { array, boot, pointer, uint8 } from "goheap";

const go = boot();
const rows = [4095, 4096, 4097].map((n) => {
  const T = array(n, pointer(uint8));
  const { path, elemsize, npages, offset } = go.where(go.new(T));
  return { n, size: T.size, path, elemsize, npages, offset };
});
const asked = { n: { zh: "指针数", en: "pointers" }, size: { zh: "申请 B", en: "asked, B" } };
const got = {
  path: { zh: "路", en: "way" },
  elemsize: { zh: "占用 B", en: "costs, B" },
  npages: { zh: "页", en: "pages" },
};
table(rows, { columns: { ...asked, ...got, offset: { zh: "槽内偏移", en: "offset in slot" } }, turn: 1 });
