const chosen = [...new Set(freed)].filter(
  (i) => Number.isInteger(i) && i >= 0 && i < 1024,
);
const isRight = chosen.length === 32 && freed.length === 32;
const judge = boot();
const pages = Array.from({ length: isRight ? 1024 : 0 }, () =>
  judge.new(page),
);
const rest = pages.filter((_, i) => !chosen.includes(i));
for (let cycle = 0; cycle < 2; cycle++)
  judge.sweep({ live: rest });
judge.setMemoryLimit(1024 * 1024);
judge.sleep(60_000);
const back = judge.scavenger().releasedBg / 8192;
const verdict = !isRight
  ? {
      zh: "要正好 32 页，编号从 0 到 1023，不重复。",
      en: "Name exactly 32 pages, numbered from 0 to 1023, none twice.",
    }
  : back < 32
    ? {
        zh: `还了 ${back} 页。还有 chunk 太满，归还器不碰。`,
        en: `${back} pages went back. A chunk is still too full to be touched.`,
      }
    : {
        zh: "32 页全还了：把空页集中到一个 chunk，它就不算满。",
        en: "All 32 went back: with the free pages together, their chunk is no longer dense.",
      };
({ ok: isRight && back === 32, say: verdict });
