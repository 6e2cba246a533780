const judge = boot();
const objects = Array.from({ length: 24 }, () =>
  judge.new(Block),
);
judge.startSweep({
  live: objects.filter((_, i) => lives(i >> 2, i & 3)),
});
const taken = judge.trace(() => judge.new(Block));
const count = taken.filter(
  (e) => e.kind === "sweepSpan",
).length;
const found = taken.find((e) => e.kind === "cacheSpan")?.from;
const verdict =
  count !== 3
    ? {
        zh: `这次 refill 清扫了 ${count} 个，要正好 3 个。`,
        en: `This refill swept ${count}; it should be exactly 3.`,
      }
    : {
        zh: `正好 3 个：前两个白扫，第三个有空槽（${found}）。`,
        en: `Exactly 3: two in vain, and the third has room (${found}).`,
      };
({ ok: count === 3, say: verdict });
