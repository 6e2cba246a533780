import {
  array,
  eface,
  int32,
  int64,
  slice,
  string,
  struct,
  uint8,
} from "goheap";

//zh 换成你自己的类型
//en put in types of your own
const Pair = struct({ F0: uint8, F1: string });
const fields = { id: int64, name: string, value: eface };
const sum = array(3, int64);
const Node = struct("Node", { ...fields, sum });

const types = [string, slice(int32), eface, Pair, Node];
const rows = types.map(({ name, size, ptrdata, pointers }) => {
  return { name, size, ptrdata, pointers };
});
table(rows);
show.words(rows.map((row) => ({ ...row, bytes: row.size })));
