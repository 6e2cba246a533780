import { array, boot, uint8 } from "goheap";

const go = boot();
//zh 添了两个 15
//en adds two of 15
const order = [1, 1, 1, 7, 7, 7, 8, 8, 8, 15, 15];

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
