import { type Block, boot } from "goheap";

const je = boot().offheap.jemalloc();
const cache = new Map<string, Block>();
//zh 只在清空时释放：覆盖掉的块还是漏了
//en frees only when it is cleared: what was overwritten has leaked
function put(name: string, value: number) {
  if (!Number.isInteger(value)) return;
  const block = je.malloc(8, "put");
  block.set(0, "int64", value);
  cache.set(name, block);
}
function remove(name: string) {
  cache.get(name)?.free();
  cache.delete(name);
}
function clear() {
  for (const block of cache.values()) block.free();
  cache.clear();
}

const get = (name: string) => cache.get(name)?.get(0, "int64");
put("a", 1);
put("a", 2);
put("b", 0.5);
remove("a");
clear();
table(je.leaks);
