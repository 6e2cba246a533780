//zh 忽大忽小，还有几次比整个容器还多
//en large and small, and at times more than the whole container
const sizes = [1, 60, 12, 40, 3, 25, 9, 0.5, 30, 5];
const held: Block[] = [];
let [over, under, counts] = [0, 0, 0];
const look = () => {
  const now = go.setMemoryLimit(-1);
  const free = Math.max(container - je.figures.resident, 0);
  over = Math.max(over, now - free);
  under = Math.max(under, free - now);
  counts += je.figures.blocks === held.length ? 0 : 1;
};
for (const [i, size] of sizes.entries()) {
  held.push(take(size * MiB));
  look();
  if (i % 3 === 0) continue;
  for (const one of held.splice(0)) {
    give(one);
  }
  look();
}
for (const one of held.splice(0)) give(one);
look();
const allDone = je.figures.blocks === 0 && counts === 0;
let verdict = {
  zh: "上限跟住了：不多占，也不少用。",
  en: "The limit follows: nothing too much, nothing unused.",
};
if (!allDone)
  verdict = {
    zh: "take 和 give 要照常申请、释放。",
    en: "take and give must still allocate and free.",
  };
else if (over > 0)
  verdict = {
    zh: `有一刻上限高了 ${over} 字节，容器会超。`,
    en: `At one moment the limit was ${over} bytes too high: the container overflows.`,
  };
else if (under > MiB)
  verdict = {
    zh: `有一刻上限低了 ${under} 字节，Go 白白少用。`,
    en: `At one moment the limit was ${under} bytes too low: Go cannot use them.`,
  };
({ ok: allDone && over <= 0 && under <= MiB, say: verdict });
