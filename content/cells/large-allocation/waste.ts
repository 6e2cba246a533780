import { array, boot, uint8 } from "goheap";

const go = boot();
//zh 每种页数里最小的和最大的
//en the least and the largest of each number of pages
const sizes = [32761, 32768];
for (let n = 32768; n < 262144; n += 8192)
  sizes.push(n + 1, n + 8192);
const points = sizes.map((size): [number, number] => {
  const { elemsize } = go.where(go.new(array(size, uint8)));
  const unused = (100 * (elemsize - size)) / elemsize;
  return [size, Number(unused.toFixed(2))];
});

const name = { zh: "用不上的部分", en: "part that is unused" };
chart([{ name, points }], {
  caption: name,
  x: { zh: "申请的字节", en: "bytes asked for" },
  y: "%",
});
