const asked: [string, string][] = recorded(
  "process-1",
  "P2",
  "values.declared.11..19",
);
//zh 两者同在 arena 里；p 不逃逸，在栈上
//en both are in an arena; p does not escape, so it is a stack’s
const truth = asked.map(([what, mapping]) => {
  const place = what === "p" ? "stack" : "heap";
  return [what, mapping === "arena" ? place : mapping];
});
const given = new Map<string, string>(Object.entries(places));
const wrong = truth
  .filter(([what, place]) => given.get(what!) !== place)
  .map(([what]) => what);
const verdict =
  wrong.length === 0
    ? {
        zh: "八个都对，和真实进程里的地址一致。",
        en: "All eight are right, as the addresses of a real process say.",
      }
    : {
        zh: `还有 ${wrong.length} 个不对，第一个是 ${wrong[0]}。`,
        en: `${wrong.length} are not right yet, the first is ${wrong[0]}.`,
      };
({ ok: wrong.length === 0, say: verdict });
