//zh 真实的 Go：60 万个键的 map[int]int，删光，或者 clear
//en the real Go: a map[int]int of 600,000 keys, emptied
const { values, seen } = recorded("facts-1", "F14");
const rows = [
  ["filled", seen.filledMB],
  ["delete", seen.deletedMB],
  ["clear", seen.clearedMB],
  ["m = nil", values.withoutTheMapMB],
];
table(rows, { columns: ["", "HeapAlloc MB"], turn: 3 });
