import { array, boot, uint8 } from "goheap";

const label = { zh: "找多少页", en: "pages wanted" };
const range = { min: 50, max: 250, value: 150, label };
const wanted = input.range("wanted", range);

const go = boot();
//zh 14 个 chunk 装满，每段 64 页；隔一段死一段
//en 14 chunks full of runs of 64 pages; every other one dies
const Run = array(64 * 8192, uint8);
const all = Array.from({ length: 112 }, () => go.new(Run));
const dead = (i: number) => i % 2 === 1 || i === 100;
go.sweep({ live: all.filter((_, i) => !dead(i)) });

const find = go.findPages(wanted);
show.pages(go.pages(), { find });
const count = (took: string) =>
  find.steps.filter((step) => step.took === took).length;
table([
  {
    wanted,
    found: find.address,
    lookedAt: find.steps.length,
    refused: count("refused"),
  },
]);
