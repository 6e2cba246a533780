//zh 几个不同的堆，随机的存活者，一直用到 span 满
//en several heaps with survivors at random, each until its span is full
let seed = 7;
const toss = () => {
  seed = (seed * 48271) % 2147483647;
  return seed % 3 === 0;
};
let predicted = 0;
let miss: { guess: number; got: number } | null = null;
for (const words of [2, 6, 13, 64, 66, 250]) {
  const judge = boot();
  const type = array(words, pointer(uint8));
  const first = judge.new(type);
  const { span } = judge.where(first);
  const alive = [first];
  for (let i = 0; i < judge.span(first).nelems - 3; i++) {
    const ref = judge.new(type);
    if (toss()) alive.push(ref);
  }
  judge.sweep({ live: alive });
  for (let isHere = true; isHere && miss === null; ) {
    const state = judge
      .snapshot()
      .spans.find(({ base }) => base === span);
    if (state === undefined) break;
    const guess = next(state);
    const at = judge.where(judge.new(type));
    isHere = at.span === span;
    const got = isHere ? (at.slot ?? -1) : -1;
    if (guess === got) predicted++;
    else miss = { guess, got };
  }
}
const verdict =
  miss === null
    ? {
        zh: `${predicted} 次全猜中了，包括 span 用完的时候。`,
        en: `${predicted} predictions, all right, full spans included.`,
      }
    : {
        zh: `猜的是 ${miss.guess}，实际是 ${miss.got}。`,
        en: `The guess was ${miss.guess}, and it was ${miss.got}.`,
      };
({ ok: miss === null && predicted > 400, say: verdict });
