import { array, boot, uint8 } from "goheap";

const go = boot();
//zh 只换顺序，不改大小
//en change the order, not the sizes
const order = [1, 1, 1, 7, 7, 7, 8, 8, 8];

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
