import { type Block, boot } from "goheap";

const je = boot().offheap.jemalloc();
const cache = new Map<string, Block>();
//zh 先看值行不行，再申请；旧的块先释放
//en looks at the value before it allocates, and frees the old block
function put(name: string, value: number) {
  if (!Number.isInteger(value)) return;
  remove(name);
  const block = je.malloc(8, "put");
  block.set(0, "int64", value);
  cache.set(name, block);
}
function remove(name: string) {
  cache.get(name)?.free();
  cache.delete(name);
}
function clear() {
  for (const name of [...cache.keys()]) remove(name);
}

const get = (name: string) => cache.get(name)?.get(0, "int64");
put("a", 1);
put("a", 2);
put("b", 0.5);
remove("a");
clear();
table(je.leaks);
