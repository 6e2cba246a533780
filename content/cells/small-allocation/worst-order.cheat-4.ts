import { array, boot, uint8 } from "goheap";

const go = boot();
//zh 三种轮流，正好装满
//en takes the three in turn, which fits perfectly
const order = [1, 7, 8, 1, 7, 8, 1, 7, 8];

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
