import { boot, uint8 } from "goheap";

const go = boot();
const objects = [];
for (let i = 0; i < 100; i++) objects.push(go.new(uint8));

const { Mallocs, TotalAlloc } = go.memstats();
const rows = objects.map((ref) => go.where(ref));
const slots = new Set(rows.map((row) => row.slot)).size;
table([{ Mallocs, slots, TotalAlloc }]);
//zh 画前三块
//en the first three blocks, drawn
const drawn = rows.slice(0, 48);
show.tinyOf(drawn.map((row) => ({ ...row, size: 1 })));
