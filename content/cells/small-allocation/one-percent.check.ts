const judge = boot();
const events = judge.trace(() => {
  for (let i = 0; i < 1000; i++) judge.new(T);
});
const found = events.filter((e) => e.kind === "refill").length;
const verdict =
  found < 10
    ? {
        zh: `一千次分配只有 ${found} 次 refill，要有 10 次。`,
        en: `${found} refills in a thousand allocations; 10 are needed.`,
      }
    : T.size > 65
      ? {
          zh: `够了，但 ${T.size} 字节不是最小的。`,
          en: `Enough, but ${T.size} bytes are not the least.`,
        }
      : {
          zh: "65 字节用 80 字节的槽，一个 span 放 100 个。少一个字节，就放 126 个了。",
          en: "65 bytes take a slot of 80, and a span holds 100. One byte less, and it holds 126.",
        };
({ ok: found >= 10 && T.size <= 65, say: verdict });
