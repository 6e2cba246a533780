const judge = boot();
const two = sizes.length === 2;
for (const size of two ? sizes : []) judge.make(uint8, size);
const got = judge.memstats();
const enough = got.HeapInuse >= 4 * MiB;
const ratio = enough ? got.HeapSys / got.HeapInuse : 0;
const verdict = !two
  ? { zh: "要正好两个对象。", en: "Make exactly two objects." }
  : !enough
    ? {
        zh: "在用的要有 4 MiB 以上，不然比值说明不了什么。",
        en: "Keep at least 4 MiB in use, or the ratio tells nothing.",
      }
    : ratio < 2.9
      ? {
          zh: `比值是 ${ratio.toFixed(2)}，还差一点。`,
          en: `The ratio is ${ratio.toFixed(2)}. More is possible.`,
        }
      : {
          zh: `比值是 ${ratio.toFixed(2)}：差几页都好，一律按整个 chunk 要。`,
          en: `The ratio is ${ratio.toFixed(2)}. Whatever is missing, whole chunks are asked for.`,
        };
({ ok: ratio >= 2.9, say: verdict });
