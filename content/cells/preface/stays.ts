//zh 真实的 Go：make([]byte, n)，结果不流出函数
//en the real Go: make([]byte, n) that stays in its function
const { values } = recorded("facts-1", "F7");
const rows: [number, number][] = values["make([]byte, n)"];
table(
  rows.map(([n, allocations]) => ({ n, allocations })),
  { turn: 5 },
);
