const judge = boot();
const given: { at: string; clean: boolean }[] = [];
let cleared = new Set<string>();
for (const e of judge.trace(() => steps(judge))) {
  const at = String(e.address);
  if (e.kind === "mallocgc") cleared = new Set();
  if (e.kind === "zeroed") cleared.add(at);
  if (e.kind === "mallocDone")
    given.push({ at, clean: cleared.has(at) });
}
const same = given
  .map(({ at }) => given.filter((g) => g.at === at))
  .find((list) => list.length === 2);
const right =
  same !== undefined && !same[0]!.clean && same[1]!.clean;
const verdict =
  same === undefined
    ? {
        zh: "没有哪个地址正好发放了两次。",
        en: "No address was given out exactly twice.",
      }
    : right
      ? {
          zh: `${same[0]!.at}：第一次是操作系统给的新页，第二次可能有旧数据。`,
          en: `${same[0]!.at}: at first a fresh page, then it might hold old bytes.`,
        }
      : {
          zh: `${same[0]!.at} 发放了两次，可清零的次序不对。`,
          en: `${same[0]!.at} was given out twice, but not cleared as asked.`,
        };
({ ok: right, say: verdict });
