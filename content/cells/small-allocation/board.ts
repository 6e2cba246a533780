import { array, boot, uint8 } from "goheap";

const go = boot();
//zh 一个 span 放四个：三个 span 满，一个半满
//en four to a span: three spans are full, one is half full
const Block = array(2048, uint8);
const make = () => go.new(Block);
const made = Array.from({ length: 14 }, make);
const { spanclass } = go.where(made[0]!);
const film: Parameters<typeof show.steps>[0][number][] = [];
const look = (zh: string, en: string) => {
  const picture = show.central.of(go.mcentral(spanclass));
  film.push({ say: { zh, en }, picture });
};
go.memstats();
look("P 交回半满的 span", "the P gives back its span");
//zh 第二、第三个 span 各死一个对象
//en one object dies in the second span, one in the third
go.startSweep({ live: made.filter((_, i) => i % 5 !== 4) });
look("新一轮开始", "a new cycle begins");
for (let i = 1; i <= 5; i++) {
  const steps = go.trace(make);
  const asked = steps.find((e) => e.kind === "cacheSpan");
  const from = asked?.from ?? "mcache";
  look(`第 ${i} 次：${from}`, `allocation ${i}: ${from}`);
}
show.steps(film);
