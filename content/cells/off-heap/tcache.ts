import { boot } from "goheap";

const je = boot().offheap.jemalloc();
const rows = [];
for (let n = 1; n <= 300; n++) {
  const locks = je.locks(() => je.malloc(64));
  if (locks.length > 0)
    rows.push({ n, locks: locks.join(" → ") });
}
table(rows);
