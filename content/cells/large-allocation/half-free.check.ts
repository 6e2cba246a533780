const judge = boot();
const objects = Array.from({ length: 512 }, () =>
  judge.new(Page),
);
judge.sweep({ live: objects.filter((_, p) => lives(p)) });
const free = judge.pages().chunks[0]!.free;
const found = judge.findPages(2).address;
const verdict =
  free < 256
    ? {
        zh: `空闲 ${free} 页，不到一半。`,
        en: `${free} pages are free: less than half.`,
      }
    : found !== null
      ? {
          zh: `两页还找得到，在 ${found}。`,
          en: `Two pages are still to be had, at ${found}.`,
        }
      : {
          zh: `${free} 页空闲，没有两页相邻。`,
          en: `${free} pages are free, and no two lie side by side.`,
        };
({ ok: free >= 256 && found === null, say: verdict });
