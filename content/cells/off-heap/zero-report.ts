import { type Block, boot } from "goheap";

const je = boot().offheap.jemalloc();
const cache = new Map<string, Block>();
//zh 每个条目恰好占一块堆外内存；只收整数
//en each entry holds exactly one block; only integers are kept
function put(name: string, value: number) {
  const block = je.malloc(8, "put");
  if (!Number.isInteger(value)) return;
  block.set(0, "int64", value);
  cache.set(name, block);
}
function remove(name: string) {
  cache.delete(name);
}
function clear() {
  cache.clear();
}

const get = (name: string) => cache.get(name)?.get(0, "int64");
put("a", 1);
put("a", 2);
put("b", 0.5);
remove("a");
clear();
table(je.leaks);
