import { array, boot, type Ref, uint8 } from "goheap";

const go = boot();
//zh 一个 span 放四个
//en four to a span
const Block = array(2048, uint8);
const all: Ref[] = [];
const make = () => all.push(go.new(Block));
const rows: unknown[] = [];
const next = (before: string) => {
  const steps = go.trace(make);
  const got = steps.find((e) => e.kind === "cacheSpan");
  const swept = steps.filter((e) => e.kind === "sweepSpan");
  rows.push({ before, from: got?.from, swept: swept.length });
};
next("boot");
//zh memstats 让 P 交回手里的 span
//en memstats makes the P give back its span
go.memstats();
next("memstats");
go.memstats();
go.startSweep({ live: all });
next("memstats, startSweep");
for (let i = 0; i < 5; i++) make();
go.startSweep({ live: all.slice(1) });
next("new × 5, startSweep");
table(rows);
