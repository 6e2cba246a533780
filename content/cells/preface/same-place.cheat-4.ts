import { boot, pointer, uint8, type Where } from "goheap";

//zh 两次运行里的同一次申请，是不是落在同样的地方？
//en one request in two runs: did it land in the same place?
const same = (a: Where, b: Where): boolean => {
  //zh 比到 span 类和槽号为止
  //en stops at the span class and the slot
  return a.spanclass === b.spanclass && a.slot === b.slot;
};

const runs = [1, 2].map((seed) => {
  const go = boot({ base: "random", seed });
  return [9, 24, 600, 40000].map((size) => {
    const T = size > 500 ? pointer(uint8) : null;
    return go.where(go.malloc(size, T));
  });
});
const rows = runs[0].map((a, i) => {
  const b = runs[1][i];
  return { a: a.address, b: b.address, same: same(a, b) };
});
table(rows);
