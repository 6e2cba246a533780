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

const rows = types.map((T) => ({
  T: T.name,
  size: T.size,
  path: go.where(go.new(T)).path,
}));
table(rows);
