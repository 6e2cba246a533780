import { boot, uint8 } from "goheap";

const MiB = 1024 * 1024;
const each = input.choice("MiB", [0.5, 1, 3, 6], 1);

const go = boot();
//zh 每个 64 MiB 的 arena 有一份 heapArena 记录
//en each arena of 64 MiB has a heapArena record
const arenas = () =>
  go.records().find((r) => r.name === "heapArena")?.count ?? 0;
const reserved: number[] = [];
const sys: number[] = [];
const inuse: number[] = [];
let [objects, growths] = [0, 0];
for (; objects * each < 72; objects++) {
  const { HeapSys, HeapInuse } = go.memstats();
  reserved.push(arenas() * 64);
  sys.push(HeapSys / MiB);
  inuse.push(HeapInuse / MiB);
  const steps = go.trace(() => go.make(uint8, each * MiB));
  growths += steps.filter((s) => s.kind === "heapGrow").length;
}
table([{ objects, growths, arenas: arenas() }]);
const lines = { reserved, HeapSys: sys, HeapInuse: inuse };
chart(lines, { kind: "step", x: "objects", y: "MiB" });
