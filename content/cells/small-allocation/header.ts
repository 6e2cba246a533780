import { array, boot, pointer, uint8 } from "goheap";

const go = boot();
const types = [64, 65, 127, 128].map((n) =>
  array(n, pointer(uint8)),
);
//zh 再加一个：同样是 1024 字节，但没有指针
//en and one more: 1024 bytes as well, but no pointers
types.push(array(1024, uint8));

const rows = types.map((T) => {
  const { elemsize, offset } = go.where(go.new(T));
  return { T: T.name, size: T.size, elemsize, offset };
});
table(rows, { turn: 3 });
