import { array, boot, pointer, uint8 } from "goheap";

const go = boot();
const types = [64, 65, 127, 128].map((n) => array(n, pointer(uint8)));
//zh 再加一个：同样是 1024 字节，但没有指针
//en and one more: 1024 bytes as well, but no pointers
types.push(array(1024, uint8));

const rows = types.map((T) => {
  const { elemsize, offset } = go.where(go.new(T));
  return [T.name, T.size, elemsize, offset];
});
table(rows, {
  columns: [
    "T",
    { zh: "申请 B", en: "asked, B" },
    { zh: "槽 B", en: "slot, B" },
    { zh: "槽内偏移", en: "offset in slot" },
  ],
  turn: 3,
});
