//zh 真实的 Go 1.26.8：写满 64 MiB，留下 16 MiB，回收两次
//en the real Go 1.26.8: 64 MiB written, 16 kept, two cycles
const { seen } = recorded("process-1", "P3");
const rows: TimelineRow[] = seen.samples;
const cycles: number[] = seen.collections;

const { inuse, idle, released, resident } = rows.at(-1)!;
const retained = inuse + idle - released;
const mib = (n: number) => (n / 2 ** 20).toFixed(1);
const figures = [inuse, retained, resident!].map(mib);
const columns = ["HeapInuse", "retained", "RSS"];
table([figures], { columns });

const marks = cycles.map((t) => ({ t, label: "GC" }));
show.timeline(rows, { marks });
