//zh 真实的 Go 1.26.8：每个地址落在进程的哪一部分
//en the real Go 1.26.8: in which part of a process they are
const rows: string[][] = recorded(
  "process-1",
  "P2",
  "values.declared.0..11",
);
const columns = [
  { zh: "地址", en: "address" },
  { zh: "部分", en: "part" },
];
table(rows, { columns });
