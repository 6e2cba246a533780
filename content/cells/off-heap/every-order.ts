import { boot } from "goheap";

const isCounted = input.toggle("count the holders", false);
//zh 两个 goroutine 各走两步：全部六种次序，0 是 A，1 是 B
//en two goroutines, two steps each: all six orders of A and B
const orders = ["AABB", "ABAB", "ABBA", "BAAB", "BABA", "BBAA"];
const rows = orders.map((order) => {
  const block = boot().offheap.jemalloc().malloc(64);
  let holders = isCounted ? 2 : 1;
  const done = { A: 0, B: 0 };
  let ends = "";
  for (const who of order as Iterable<"A" | "B">) {
    const isRead = done[who]++ === 0;
    ends += `${who} ${isRead ? "reads" : "frees"}`;
    try {
      if (isRead) block.get(0);
      else if (--holders < 1) block.free();
    } catch (error) {
      const { code } = error as { code: string };
      return { order, steps: ends, dies: code };
    }
    ends += ", ";
  }
  return { order, steps: ends, dies: "" };
});
table(rows);
