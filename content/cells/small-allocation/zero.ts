import { boot, struct } from "goheap";

const go = boot();
const Empty = struct("Empty", {});
const four = [go.new(Empty), go.new(Empty), go.new(Empty), go.new(Empty)];
table([[four.length, new Set(four.map((ref) => ref.address)).size, go.memstats().Mallocs]], {
  columns: [{ zh: "对象", en: "objects" }, { zh: "不同的地址", en: "different addresses" }, "Mallocs"],
});
