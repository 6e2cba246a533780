import { array, boot, pointer, uint8 } from "goheap";

const heaps = [boot(), boot({ greentea: false })];
const [on, off] = heaps.map((go) => (size: number) => {
  //zh 大于 512 字节，要给分配头留 8 字节
  //en above 512 bytes, 8 bytes are left for the malloc header
  const words = (size > 512 ? size - 8 : size) / 8;
  const pointers = go.new(array(words, pointer(uint8)));
  const bytes = go.new(array(size, uint8));
  const isTiny = go.where(bytes).path === "tiny";
  const noscan = isTiny ? "tiny" : go.span(bytes).nelems;
  return [noscan, go.span(pointers).nelems];
});
const rows = [8, 16, 24, 48, 208, 512, 576].map((size) => {
  const plain = Math.floor(8192 / size);
  return [size, plain, ...on(size), ...off(size)];
});
const columns = ["size", "plain", "noscan", "scan"];
table(rows, {
  columns: [...columns, "noscan off", "scan off"],
  turn: 6,
});
