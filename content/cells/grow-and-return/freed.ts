//zh 真实的 Go：放掉 64 MB，再调用 debug.FreeOSMemory
//en the real Go: 64 MB dropped, then debug.FreeOSMemory
const { before, after } = recorded("facts-1", "F15").seen;
const rows = Object.entries({ before, after }).map(
  ([when, m]) => ({
    when,
    HeapIdle: m.heapIdleMB,
    HeapReleased: m.heapReleasedMB,
    Sys: m.sysMB,
  }),
);
table(rows);
