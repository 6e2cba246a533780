import { type Block, boot } from "goheap";

const je = boot().offheap.jemalloc();
const cache = new Map<string, Block>();
//zh 重复释放：先释放，再留在表里
//en frees twice: the block stays in the table after its free
function put(name: string, value: number) {
  if (!Number.isInteger(value)) return;
  cache.get(name)?.free();
  const block = je.malloc(8, "put");
  block.set(0, "int64", value);
  cache.set(name, block);
}
function remove(name: string) {
  cache.get(name)?.free();
}
function clear() {
  for (const name of [...cache.keys()]) remove(name);
  cache.clear();
}

const get = (name: string) => cache.get(name)?.get(0, "int64");
put("a", 1);
put("a", 2);
put("b", 0.5);
remove("a");
clear();
table(je.leaks);
