//zh 用一个新的堆重新走一遍，只看类型
//en walked again on a fresh heap, from the types alone
const judge = boot();
const walked = [...types].map(
  (type) => judge.where(judge.new(type)).path,
);
const missing = [
  "zero",
  "tiny",
  "small noscan",
  "small scan",
  "small scan, header",
  "large",
].filter((name) => !walked.some((way) => way === name));
const verdict =
  missing.length > 0
    ? {
        zh: `还没有走到：${missing.join("、")}。`,
        en: `Not taken yet: ${missing.join("; ")}.`,
      }
    : walked.length > 6
      ? {
          zh: `六条路都走到了，但用了 ${walked.length} 个对象：有的路走了两次。`,
          en: `All six are taken, but with ${walked.length} objects: one way is taken twice.`,
        }
      : {
          zh: "六个对象，六条路，没有重复。",
          en: "Six objects, six ways, none twice.",
        };
({
  ok: missing.length === 0 && walked.length === 6,
  say: verdict,
});
