//zh 真实的 Go：直方图把它记进最后一格，就是大对象
//en the real Go: large is what the last bucket counts
const bytes = recorded("facts-1", "F1", "values.bytes");
const words = recorded("facts-1", "F1", "values.pointers");

const row = (of: string) => (one: object) => ({ of, ...one });
table([
  ...bytes.map(row("[n]byte")),
  ...words.map(row("[n/8]*byte")),
]);
