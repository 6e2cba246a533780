//zh 真实的 Go：make 64 MiB，再在每页写一个字节
//en the real Go: make 64 MiB, then a byte into each page
const { seen } = recorded("process-1", "P5");
const { beforeKiB, madeKiB, writtenKiB } = seen;
const rows = [
  ["before", beforeKiB],
  ["make", madeKiB],
  ["write", writtenKiB],
];
const mib = rows.map(([step, n]) => [
  step,
  Math.round(n / 1024),
]);
table(mib, { columns: ["", "RSS MiB"] });
