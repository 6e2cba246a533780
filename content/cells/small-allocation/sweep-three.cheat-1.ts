import { array, boot, uint8 } from "goheap";

const go = boot();
const Block = array(2048, uint8);
const make = () => go.new(Block);
//zh 六个 span，每个四个对象
//en six spans of four objects
const all = Array.from({ length: 24 }, make);

//zh 前三个 span 全死：第一个就够用了
//en three die whole: the first one will do
const lives = (span: number, slot: number) =>
  span >= 3 && slot >= 0;

go.startSweep({
  live: all.filter((_, i) => lives(i >> 2, i & 3)),
});
const swept = go
  .trace(make)
  .filter((e) => e.kind === "sweepSpan").length;
print({ zh: `清扫了 ${swept} 个`, en: `swept: ${swept}` });
