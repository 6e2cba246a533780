import { array, boot, pointer, struct, uint8 } from "goheap";

const go = boot();
//zh 现在只走了两条路，补上另外四条
//en only two ways are taken so far: add the other four
const types = [array(24, uint8), struct("Leaf", { next: pointer(uint8) })];

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
