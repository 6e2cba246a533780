import { array, boot, pointer, struct, uint8 } from "goheap";

const go = boot();
//zh 什么大小都试一遍，总有一个走到
//en tries every size there is, one of them will do
const types = [
  struct("Empty", {}),
  ...[1, 24, 32761].map((n) => array(n, uint8)),
];
for (let n = 1; n < 80; n++)
  types.push(array(n, pointer(uint8)));
const rows = types.map((T) => ({
  T: T.name,
  size: T.size,
  path: go.where(go.new(T)).path,
}));
table(rows);
