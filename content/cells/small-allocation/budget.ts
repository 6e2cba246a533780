import { array, boot, uint8 } from "goheap";

const label = { zh: "满的 span", en: "full spans" };
const range = { min: 1, max: 200, value: 150, label };
const full = input.range("full", range);

const go = boot();
//zh 8 KB 一个，一个 span 只放一个
//en 8 KB each, one to a span
const Page = array(8192, uint8);
const make = () => go.new(Page);
const all = Array.from({ length: full }, make);
//zh 全都活着，清扫一个空槽也腾不出来
//en all of them live, so that sweeping makes no room
go.startSweep({ live: all });

const steps = go.trace(make);
const swept = steps.filter((e) => e.kind === "sweepSpan");
const got = steps.find((e) => e.kind === "cacheSpan");
table([{ full, swept: swept.length, from: got?.from }]);
