const judge = boot();
judge.new(array(64 * 8192, uint8));
const again = judge
  .locks(() => {
    for (const n of order) judge.new(array(n * 8192, uint8));
  })
  .filter((name) => name === "mheap").length;
const same =
  [...order].sort().join(" ") === "15 15 15 15 15 15 15 15 4 4";
const verdict = !same
  ? {
      zh: "页数要照旧：八个 15，两个 4。",
      en: "Keep the sizes: eight of 15 and two of 4.",
    }
  : again > 2
    ? {
        zh: `锁了 ${again} 次，还能更少。`,
        en: `${again} locks. It can be fewer.`,
      }
    : {
        zh: "两次：每次取来的 64 页正好用光。",
        en: "Two: each window of 64 pages is used up exactly.",
      };
({ ok: same && again <= 2, say: verdict });
