import { array, boot, uint8 } from "goheap";

const go = boot();
//zh 1 和 8 占满三块，7 无处可去
//en ones and eights fill three blocks, and the sevens find no room
const order = [1, 8, 1, 8, 1, 8, 7, 7, 7];

const objects = order.map((size) => ({
  size,
  ...go.where(go.new(array(size, uint8))),
}));
const blocks = new Set(objects.map((o) => o.slot)).size;
print({
  zh: `微型块：${blocks}`,
  en: `tiny blocks: ${blocks}`,
});
show.tinyOf(objects);
