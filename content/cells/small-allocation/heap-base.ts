import { boot, int64 } from "goheap";

const range = { min: 1, max: 99, value: 1 };
const seed = input.range("seed", range);

const runs = [
  boot({ base: "fixed" }),
  boot({ base: "random", seed }),
  boot({ base: "random", seed: seed + 1 }),
];
const rows = runs.map((go) => {
  const { address } = go.new(int64);
  return { heapBase: go.heapBase, "new(int64)": address };
});
table(rows);
