import { boot } from "goheap";

const go = boot();
const arena = go.offheap.arena();
const plus = (address: string, n: number) =>
  `0x${(Number(address) + n).toString(16)}`;

//zh 键是 0、3、6……3066；节点里是左右两个地址和键
//en keys 0, 3, 6 … 3066; a node has two addresses and a key
const build = (from: number, to: number): string => {
  if (from === to) return "0x0";
  const [node, mid] = [arena.alloc(24), (from + to) >> 1];
  node.set(0, "pointer", build(from, mid));
  node.set(8, "pointer", build(mid + 1, to));
  node.set(16, "int64", 3 * mid);
  return node.address;
};
const root = build(0, 1023);
const has = (key: number, at = root): boolean => {
  if (at === "0x0") return false;
  const here = go.offheap.read(plus(at, 16), "int64");
  const next = plus(at, key < Number(here) ? 0 : 8);
  const child = String(go.offheap.read(next, "pointer"));
  return here === key || has(key, child);
};
table([{ "has(3066)": has(3066), ...arena.figures }]);
