import { boot, uint8 } from "goheap";

const go = boot();
const objects = Array.from({ length: 100 }, () => go.new(uint8));

const { Mallocs, TotalAlloc } = go.memstats();
const slots = new Set(objects.map((ref) => go.where(ref).slot)).size;
table([{ Mallocs, slots, TotalAlloc }]);
//zh 画前三块
//en the first three blocks, drawn
show.tinyOf(objects.slice(0, 48).map(({ address }) => ({ address, size: 1 })));
