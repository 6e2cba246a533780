import { array, boot, pointer, struct, uint8 } from "goheap";

const go = boot();
//zh 从零字节到大对象，各取一个
//en one of each, from no bytes at all to a large object
const types = [
  struct("Empty", {}),
  array(15, uint8),
  array(24, uint8),
  array(4, pointer(uint8)),
  array(65, pointer(uint8)),
  array(32761, uint8),
];

const ways = types.map((type) => go.where(go.new(type)).path);
table(
  ways.map((way, i) => [types[i].size, way]),
  {
    columns: [
      { zh: "申请 B", en: "asked, B" },
      { zh: "路", en: "way" },
    ],
  },
);
