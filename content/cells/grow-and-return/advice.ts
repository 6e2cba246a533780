//zh 真实的 Go：放掉 64 MiB，再 FreeOSMemory；常驻内存从 /proc 读
//en the real Go: 64 MiB dropped, then FreeOSMemory; RSS by /proc
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
