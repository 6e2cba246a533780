const judge = boot();
const objects = Array.from({ length: 512 }, () =>
  judge.new(Page),
);
const kept = objects.filter((_, page) => lives(page));
judge.startSweep({ live: kept });
const log = judge.trace(() => judge.new(Wanted));
const grown = log.some((e) => e.kind === "heapGrow");
const freed = log.filter((e) => e.kind === "freeSpan").length;
const verdict =
  kept.length < 480
    ? {
        zh: `只活了 ${kept.length} 个，至少要 480 个。`,
        en: `${kept.length} live; at least 480 must.`,
      }
    : grown
      ? {
          zh: `回收了 ${freed} 页，还是放不下，堆增长了。`,
          en: `${freed} pages came back, it still did not fit, and the heap grew.`,
        }
      : {
          zh: `回收了 ${freed} 页，连在一起，正好放下。`,
          en: `${freed} pages came back side by side, and they suffice.`,
        };
({ ok: kept.length >= 480 && !grown, say: verdict });
