import { array, boot, type Ref, uint8 } from "goheap";

const go = boot();
//zh 一个 span 放四个
//en four to a span
const Block = array(2048, uint8);
const all: Ref[] = [];
const make = () => all.push(go.new(Block));
const rows: unknown[] = [];
const next = (zh: string, en: string) => {
  const steps = go.trace(make);
  const asked = steps.find((e) => e.kind === "cacheSpan");
  const swept = steps.filter((e) => e.kind === "sweepSpan");
  const before = { zh, en };
  rows.push({ before, from: asked?.from, swept: swept.length });
};
next("进程刚启动", "a new process");
go.memstats();
next("mcache 交回了 span", "the mcache was flushed");
go.memstats();
go.startSweep({ live: all });
next("新一轮，它有空槽", "a new cycle, it has room");
for (let i = 0; i < 5; i++) make();
go.startSweep({ live: all.slice(1) });
next("新一轮，它满着", "a new cycle, it is full");
table(rows);
