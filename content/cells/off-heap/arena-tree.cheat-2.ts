import { boot } from "goheap";

const go = boot();
//zh 块改小了，节点还是 24 字节
//en a smaller chunk, but the nodes still have 24 bytes
const arena = go.offheap.arena({ chunkBytes: 4096 });
const plus = (address: string, n: number) =>
  `0x${(Number(address) + n).toString(16)}`;
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
table([arena.figures]);
