import { array, boot, uint8 } from "goheap";

const go = boot();
//zh 改一改大小和顺序
//en change the sizes and their order
const sizes = [10, 4, 4, 10, 4, 15, 4, 4, 4];
const objects = sizes.map((size) => ({ size, ...go.where(go.new(array(size, uint8))) }));

show.tinyOf(objects);
const rows = objects.map(({ size, slot, offset }) => ({ size, slot, offset }));
table(rows, { turn: 5 });
