//zh 真实的 Go：直方图把它记进最后一格，就是大对象
//en the real Go: large is what the last bucket counts
const bytes = recorded("facts-1", "F1", "values.bytes");
const words = recorded("facts-1", "F1", "values.pointers");

const rows = [];
for (const one of bytes) rows.push({ of: "[n]byte", ...one });
for (const one of words)
  rows.push({ of: "[n/8]*byte", ...one });
const columns = { of: "of", size: "n", large: "large" };
table(rows, { columns });
