import { array, boot, uint8 } from "goheap";

const go = boot();
//zh 从大到小
//en from large to small
const order = [8, 8, 8, 7, 7, 7, 1, 1, 1];

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
