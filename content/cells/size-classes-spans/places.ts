import { array, boot, pointer, uint8, uint64 } from "goheap";

const go = boot();
const pointers = (n: number) => array(n, pointer(uint8));
const types = [
  array(64, uint64),
  pointers(64),
  pointers(65),
  pointers(65),
  pointers(66),
  pointers(5000),
];
table(
  types.map((T) => {
    const ref = go.new(T);
    const { path, elemsize, offset } = go.where(ref);
    //zh 槽里的第一个字，低字节在前
    //en the first word of the slot, low byte first
    const bytes = go.slot(ref).bytes.slice(0, 16).match(/../g);
    const word = `0x${bytes?.reverse().join("")}`;
    return { T: T.name, path, elemsize, offset, word };
  }),
  { turn: 2 },
);
