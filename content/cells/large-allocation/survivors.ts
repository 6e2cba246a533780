import { array, boot, uint8 } from "goheap";

const label = { zh: "每个 span 活几个", en: "alive per span" };
const range = { min: 0, max: 8, value: 1, label };
const alive = input.range("alive", range);

const go = boot();
//zh 512 个 span，每个放 8 个对象
//en 512 spans of 8 objects each
const Block = array(1024, uint8);
const all = Array.from({ length: 4096 }, () => go.new(Block));
go.startSweep({ live: all.filter((_, i) => i % 8 < alive) });

const swept = (body: () => unknown) =>
  go.trace(body).filter((e) => e.kind === "sweepSpan").length;
const Big = array(100 * 8192, uint8);
const large = swept(() => go.new(Big));
const small = swept(() => {
  for (let i = 0; i < 50; i++) go.new(Block);
});
table([{ alive, dead: 512 * (8 - alive), large, small }]);
