const { releasedBg, releasedEager } = go.scavenger();
const { TotalAlloc, HeapSys } = go.memstats();
const isBurst = TotalAlloc >= 64 * MiB && HeapSys >= 64 * MiB;
const kept =
  live.length === 16 &&
  live.every((b) => !b.isFreed && b.get(MiB - 4096) === 1);
const { resident } = go.os();
const small = resident <= 20 * MiB;
const scavenged = releasedBg + releasedEager >= 40 * MiB;
let say = {
  zh: "64 MiB 的高峰，退到 20 MiB 以下，存活的都在。",
  en: "A peak of 64 MiB, and less than 20 MiB stay. All that lives is there.",
};
if (!isBurst)
  say = {
    zh: "高峰要有 64 MiB，别把它改小。",
    en: "The peak must be 64 MiB: do not make it smaller.",
  };
else if (!kept)
  say = {
    zh: "存活的 16 块不见了，或者内容变了。",
    en: "The 16 live blocks are gone, or changed.",
  };
else if (!small)
  say = {
    zh: `常驻还有 ${(resident / MiB).toFixed(1)} MiB。`,
    en: `${(resident / MiB).toFixed(1)} MiB are still resident.`,
  };
else if (!scavenged)
  say = {
    zh: "内存是降下来了，可不是归还器自己还的。",
    en: "The memory fell, but the scavenger did not do it.",
  };
({ ok: isBurst && kept && small && scavenged, say });
