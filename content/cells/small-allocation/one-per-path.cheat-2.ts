import { array, boot, pointer, struct, uint8 } from "goheap";

const go = boot();
//zh 以为 16 字节还算微型，32760 字节已经算大
//en takes 16 bytes for tiny and 32760 for large
const types = [
  struct("Empty", {}),
  array(16, uint8),
  array(24, uint8),
  array(4, pointer(uint8)),
  array(65, pointer(uint8)),
  array(32760, uint8),
];
const rows = types.map((T) => ({
  T: T.name,
  size: T.size,
  path: go.where(go.new(T)).path,
}));
table(rows);
