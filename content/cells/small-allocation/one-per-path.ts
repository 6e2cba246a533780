import { array, boot, pointer, struct, uint8 } from "goheap";

const go = boot();
//zh 现在只走了两条路，补上另外四条
//en only two ways are taken so far: add the other four
const types = [
  array(24, uint8),
  struct("Leaf", { next: pointer(uint8) }),
];

const rows = types.map((T) => ({
  T: T.name,
  size: T.size,
  path: go.where(go.new(T)).path,
}));
table(rows);
