import { array, boot, uint8 } from "goheap";

const go = boot();
//zh 换成别的大小
//en takes other sizes
const order = [9, 9, 9, 9, 9];

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
