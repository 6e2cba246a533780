//zh 真实的 Go：放掉 64 MiB，前后各从 /proc 读一次 RSS
//en the real Go: RSS before and after 64 MiB are given back
const runs = recorded("process-1", "P4").seen;
const mib = (kib: number) => Math.round(kib / 1024);
const rows = Object.entries<Record<string, number>>(runs).map(
  ([GODEBUG, m]) => ({
    GODEBUG,
    before: mib(m["beforeKiB"]!),
    HeapReleased: mib(m["HeapReleasedKiB"]!),
    after: mib(m["afterKiB"]!),
  }),
);
table(rows);
