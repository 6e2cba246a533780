//zh 用检查自己的首次适配重放一遍，只看 trace
//en replayed on the check's own first fit, from the trace alone
const held: { k: number; at: number; end: number }[] = [];
let requests = 0;
let broken = 0;
const replayStep = (n: number) => {
  if (!Number.isInteger(n) || n === 0) broken++;
  if (n < 0) {
    const i = held.findIndex(({ k }) => k === -n);
    if (i < 0) broken++;
    else held.splice(i, 1);
    return -1;
  }
  requests++;
  let [from, i] = [0, 0];
  for (; i < held.length && from + n > held[i].at; i++)
    from = held[i].end;
  if (from + n > 4096) return -1;
  held.splice(i, 0, { k: requests, at: from, end: from + n });
  return from;
};
const last = trace.at(-1) ?? 0;
for (const n of trace.slice(0, -1)) replayStep(n);
const left = held.reduce((n, b) => n - b.end + b.at, 4096);
const share = Math.floor((100 * left) / 4096);
const place = replayStep(last);
const fails = broken === 0 && last > 0 && place < 0;
let verdict = {
  zh: `空着 ${share}%，${last} 字节却放不下。`,
  en: `${share} % is free, and ${last} bytes find no room.`,
};
if (broken > 0)
  verdict = {
    zh: "trace 里有一步做不到：要么不是整数，要么释放了不在的块。",
    en: "A step of the trace is impossible: not an integer, or a free of a block that is not there.",
  };
else if (last > 128)
  verdict = {
    zh: `最后一次要了 ${last} 字节，至多 128 字节。`,
    en: `The last request is of ${last} bytes. It may have 128 at most.`,
  };
else if (!fails)
  verdict = {
    zh: "最后一次申请成功了：有一个空隙够大。",
    en: "The last request was served: one of the holes was large enough.",
  };
else if (share < 40)
  verdict = {
    zh: `放不下，可是只空着 ${share}%。`,
    en: `It fails, but only ${share} % is free.`,
  };
({ ok: fails && last <= 128 && share >= 40, say: verdict });
