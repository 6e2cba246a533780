import { type Block, boot } from "goheap";

const je = boot().offheap.jemalloc();
const cache = new Map<string, Block>();
//zh 所有条目合用一块：值互相覆盖
//en one block for all entries: their values overwrite each other
let only: Block | null = null;
function put(name: string, value: number) {
  if (!Number.isInteger(value)) return;
  only ??= je.malloc(8, "put");
  only.set(0, "int64", value);
  cache.set(name, only);
}
function remove(name: string) {
  cache.delete(name);
}
function clear() {
  only?.free();
  only = null;
  cache.clear();
}

const get = (name: string) => cache.get(name)?.get(0, "int64");
put("a", 1);
put("a", 2);
put("b", 0.5);
remove("a");
clear();
table(je.leaks);
