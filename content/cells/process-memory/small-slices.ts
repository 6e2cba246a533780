//zh 真实的 Go：testing.AllocsPerRun 数出的分配次数
//en the real Go: allocations as testing.AllocsPerRun counts
const { values } = recorded("facts-1", "F7");
const calls = ["make([]byte, n)", "append to a nil []int"];
const shown = [
  [32, 33],
  [4, 5, 8, 9],
];
const rows = calls.flatMap((call, i) =>
  (values[call] as [number, number][])
    .filter(([n]) => shown[i]!.includes(n))
    .map(([n, allocations]) => ({ call, n, allocations })),
);
table(rows, { turn: 2 });
