const judge = boot();
const objects = plan.map(([n]) =>
  judge.new(array(n * 8192, uint8)),
);
judge.sweep({ live: objects.filter((_, i) => plan[i]![1]) });
const bits = judge.pages().chunks[0]!.inUse.slice(0, 16);
const painted = bits === "ffff0000ffff0000";
const verdict = painted
  ? {
      zh: "16 页在用，16 页空闲，再来一遍。",
      en: "16 in use, 16 free, and once more.",
    }
  : {
      zh: `前 64 页是 ${bits}，要 ffff0000ffff0000。`,
      en: `The first 64 pages are ${bits}; they should be ffff0000ffff0000.`,
    };
({ ok: painted, say: verdict });
