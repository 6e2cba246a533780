import { boot } from "goheap";

const go = boot();
//zh 搬到堆外：回收器看不见，可也不在 Go 的堆里了
//en moves off the heap: unseen, but not in Go's heap any more
const je = go.offheap.jemalloc();
const nodes = je.malloc(16000);
for (let i = 0; i < 1000; i++) {
  nodes.set(16 * i, "int64", i - 1);
  nodes.set(16 * i + 8, "int64", i + 1);
}
function* walk() {
  for (let at = 999; at !== -1; ) {
    yield nodes.get(16 * at + 8, "int64");
    at = Number(nodes.get(16 * at, "int64"));
  }
}
table([{ heapScan: go.heapScan }]);
