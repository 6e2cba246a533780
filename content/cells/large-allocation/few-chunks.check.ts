const judge = boot();
const kept: Ref[] = [];
for (const step of plan)
  if (step === "gc") judge.sweep({ live: kept });
  else if (step === "long") kept.push(judge.new(Run));
  else judge.new(Run);
const chunks = judge.pages().chunks.length;
const count = (what: Step) =>
  plan.filter((step) => step === what).length;
const same =
  count("short") === 48 &&
  count("long") === 16 &&
  count("gc") === 1 &&
  plan.length === 65;
const verdict = !same
  ? {
      zh: "要 48 个 short、16 个 long、一次 gc。",
      en: "It takes 48 of short, 16 of long, and one gc.",
    }
  : chunks > 4
    ? {
        zh: `用到了 ${chunks} 个 chunk，可以更少。`,
        en: `The heap grew to ${chunks} chunks. It can be fewer.`,
      }
    : {
        zh: "4 个 chunk：回收之后，后一半从最低的空闲页装起。",
        en: "4 chunks: after the collection the rest fills the lowest free pages.",
      };
({ ok: same && chunks <= 4, say: verdict });
