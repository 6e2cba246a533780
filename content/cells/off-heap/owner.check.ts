//zh 每一种用法都要恰好释放一次，而且不早不晚
//en each use must free exactly once, and at the right time
type Act = "close" | "gc" | "gc, owner alive";
const play = (acts: Act[]) => {
  const one = open(64);
  let frees = 0;
  //zh 句柄的 free 也要经过 je.free
  //en the handle's free comes through je.free as well
  const { free } = je;
  je.free = (...args) => {
    frees++;
    free.apply(je, args);
  };
  const seen: number[] = [];
  try {
    for (const act of acts) {
      if (act === "close") one.close();
      else gc(act === "gc" ? [] : [one.owner]);
      seen.push(one.block.isFreed ? frees : -frees);
    }
  } catch {
    seen.push(9);
  }
  je.free = free;
  return seen.join(" ");
};
const cases: [Act[], string, { zh: string; en: string }][] = [
  [
    ["close"],
    "1",
    {
      zh: "close() 要立刻释放。",
      en: "close() must free at once.",
    },
  ],
  [
    ["close", "close"],
    "1 1",
    {
      zh: "关两次，释放了两次。",
      en: "Closed twice, it was freed twice.",
    },
  ],
  [
    ["gc"],
    "1",
    {
      zh: "忘了关：owner 已经收走，块还占着。",
      en: "Not closed: the owner is gone, and the block is still there.",
    },
  ],
  [
    ["close", "gc"],
    "1 1",
    {
      zh: "关过之后，清理函数又释放了一次。",
      en: "After the close the cleanup freed it once more.",
    },
  ],
  [
    ["gc, owner alive", "gc, owner alive", "close"],
    "0 0 1",
    {
      zh: "owner 还活着，块就释放了。",
      en: "The block was freed while its owner lives.",
    },
  ],
];
const wrong = cases.find(
  ([acts, want]) => play(acts).replaceAll("-0", "0") !== want,
);
const left = je.figures.blocks;
({
  ok: wrong === undefined && left === 0,
  say: wrong?.[2] ?? {
    zh: "五种用法，每块都恰好释放一次。",
    en: "Five uses, and each block is freed exactly once.",
  },
});
