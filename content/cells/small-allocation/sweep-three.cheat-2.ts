import { array, boot, uint8 } from "goheap";

const go = boot();
const Block = array(2048, uint8);
const make = () => go.new(Block);
//zh 六个 span，每个四个对象
//en six spans of four objects
const all = Array.from({ length: 24 }, make);

//zh 死在第四个 span 里
//en the dead one lies in the fourth span
const lives = (span: number, slot: number) =>
  span !== 3 || slot !== 0;

go.startSweep({
  live: all.filter((_, i) => lives(i >> 2, i & 3)),
});
const swept = go
  .trace(make)
  .filter((e) => e.kind === "sweepSpan").length;
print({ zh: `清扫了 ${swept} 个`, en: `swept: ${swept}` });
