import { boot, uint8 } from "goheap";

const MiB = 1024 * 1024;
const go = boot();
const rows: object[] = [];
const look = (step: string) => {
  const m = go.memstats();
  const { Sys, HeapSys, HeapInuse, HeapIdle } = m;
  const own = m.MSpanSys + m.MCacheSys + m.GCSys + m.OtherSys;
  const rest = m.StackSys + m.BuckHashSys + own;
  const adds =
    HeapSys === HeapInuse + HeapIdle && Sys === HeapSys + rest;
  const bytes = [Sys, HeapSys, HeapInuse, HeapIdle];
  const mib = [...bytes, m.HeapReleased].map((n) => n / MiB);
  rows.push([step, ...mib.map(Math.round), adds ? "✓" : "✗"]);
};
const all = [...Array(64)].map(() => go.make(uint8, MiB));
look("make");
go.sweep({ live: all.slice(0, 16) });
look("GC");
go.freeOSMemory();
look("FreeOSMemory");
const names = ["Sys", "HeapSys", "HeapInuse", "HeapIdle"];
table(rows, { columns: ["", ...names, "HeapReleased", "="] });
