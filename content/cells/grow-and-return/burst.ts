import { boot, uint8 } from "goheap";

const MiB = 1024 * 1024;
const label = { zh: "每几块留一块", en: "one kept of" };
const every = input.choice("every", [2, 4, 64], 4, { label });

const go = boot();
const all = [...Array(64)].map(() => go.make(uint8, MiB));
//zh 每个系统页写一个字节，这一页才真正占内存
//en a byte in each page of the system, so that it is there
for (const b of all)
  for (let i = 0; i < MiB; i += 4096) b.set(i, 1);

const look = (seconds: number) => {
  go.sleep(seconds * 1000);
  const { HeapInuse, HeapIdle, HeapReleased } = go.memstats();
  const { resident } = go.os();
  const all = [HeapInuse, HeapIdle, HeapReleased, resident];
  return [seconds, ...all.map((n) => Math.round(n / MiB))];
};
const rows = [look(0)];
go.sweep({ live: all.filter((_, i) => i % every === 0) });
rows.push(look(0), look(60));
const names = ["HeapInuse", "HeapIdle", "HeapReleased", "RSS"];
table(rows, { columns: ["s", ...names], turn: 1 });
