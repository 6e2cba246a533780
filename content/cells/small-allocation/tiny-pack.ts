import { array, boot, uint8 } from "goheap";

const go = boot();
//zh 改一改大小和顺序
//en change the sizes and their order
const sizes = [10, 4, 4, 10, 4, 15, 4, 4, 4];

const rows = sizes.map((size) => {
  const ref = go.new(array(size, uint8));
  const { address, slot, offset } = go.where(ref);
  return { size, slot, offset, address };
});
show.tinyOf(rows);
table(rows, { turn: 5 });
