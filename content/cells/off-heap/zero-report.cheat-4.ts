import { type Block, boot } from "goheap";

const je = boot().offheap.jemalloc();
const cache = new Map<string, Block>();
//zh 被拒绝的值，旧条目也丢了
//en loses the old entry when the value is refused
function put(name: string, value: number) {
  remove(name);
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
  for (const name of [...cache.keys()]) remove(name);
}

const get = (name: string) => cache.get(name)?.get(0, "int64");
put("a", 1);
put("a", 2);
put("b", 0.5);
remove("a");
clear();
table(je.leaks);
