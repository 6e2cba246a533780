//zh 两千次随机操作，每一步都对账：一个条目一块
//en 2000 random operations, reckoned up after each: one block an entry
let state = 20201123;
const random = (n: number) =>
  (state = (state * 48271) % 2147483647) % n;
const should = new Map<string, number>();
type Said = { zh: string; en: string };
let trouble: Said | null = je.leaks.length
  ? {
      zh: `程序结束时报告不是空的：还有 ${je.leaks[0].blocks} 块。`,
      en: `The report is not empty at the end: ${je.leaks[0].blocks} × 8 bytes.`,
    }
  : null;
for (let i = 0; i < 2000 && trouble === null; i++) {
  const name = `key ${random(20)}`;
  const value = random(4) > 0 ? random(1000) : 0.5;
  const what = random(3) > 0 ? "put" : "remove";
  try {
    if (what === "put") put(name, value);
    else remove(name);
    if (what === "remove") should.delete(name);
    else if (value !== 0.5) should.set(name, value);
    const { blocks } = je.figures;
    if (blocks !== should.size)
      trouble = {
        zh: `${should.size} 个条目，却有 ${blocks} 块活着。`,
        en: `${should.size} entries, but ${blocks} blocks are alive.`,
      };
    for (const [key, want] of should) {
      if (get(key) === want) continue;
      trouble = {
        zh: `${key} 应该是 ${want}，读出来不是。`,
        en: `${key} should be ${want}, and is not.`,
      };
    }
  } catch (error) {
    const { code } = error as { code?: string };
    trouble = {
      zh: `这一步出错了：${code}。`,
      en: `This step ends in an error: ${code}.`,
    };
  }
}
clear();
const blocksLeft = je.leaks.length;
({
  ok: trouble === null && blocksLeft === 0,
  say: trouble ?? {
    zh: "报告是空的，值也都对。",
    en: "The report is empty, and every value is right.",
  },
});
