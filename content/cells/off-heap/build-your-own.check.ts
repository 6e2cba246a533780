//zh 从 1000 到 2000 块之间晃动，大小 1 到 512 字节
//en between 1000 and 2000 blocks of 1 to 512 bytes
const limits = { ops: 100_000, ms: 1000, bytes: 1 << 21 };
const granule = 8;
type Fault = { zh: string; en: string };
const judge = (from: number, ops: number) => {
  const { malloc, free } = make();
  let state = from;
  const draw = (n: number) =>
    (state = (state * 48271) % 2147483647) % n;
  const owner = new Int32Array(limits.bytes / granule);
  const live: { at: number; size: number; id: number }[] = [];
  let [asked, peak, top, done] = [0, 0, 0, 0];
  let fault: Fault | null = null;
  const until = Date.now() + limits.ms / 2;
  const fill = (
    at: number,
    size: number,
    is: number,
    to: number,
  ) => {
    for (let g = at / granule; g * granule < at + size; g++) {
      if (owner[g] !== is) return false;
      owner[g] = to;
    }
    return true;
  };
  let growing = true;
  for (; done < ops && fault === null; done++) {
    if (done % 256 === 0 && Date.now() > until) break;
    if (live.length <= 1000) growing = true;
    if (live.length >= 2000) growing = false;
    const grows = draw(8) < (growing ? 5 : 3);
    if (grows || live.length === 0) {
      const size = 1 + draw(512);
      const at = malloc(size);
      const end = at + size;
      if (!Number.isInteger(at) || at < 0 || at % granule !== 0)
        fault = {
          zh: `malloc(${size}) 返回了 ${at}：要一个不小于 0 的 8 的倍数。`,
          en: `malloc(${size}) returned ${at}: a multiple of 8 from 0 on is needed.`,
        };
      else if (end > limits.bytes)
        fault = {
          zh: `第 ${done} 次操作就用到了 ${end} 字节：释放的地方没有再用。`,
          en: `Operation ${done} reaches byte ${end}: freed memory is not used again.`,
        };
      else if (!fill(at, size, 0, done + 1))
        fault = {
          zh: `第 ${done} 次操作：新块与活着的块重叠。`,
          en: `Operation ${done}: the new block overlaps one that lives.`,
        };
      live.push({ at, size, id: done + 1 });
      asked += size;
      peak = Math.max(peak, asked);
      top = Math.max(top, end);
    } else {
      const k = draw(live.length);
      const { at, size, id } = live[k];
      live[k] = live[live.length - 1];
      live.pop();
      fill(at, size, id, 0);
      asked -= size;
      free(at);
    }
  }
  return { fault, done, waste: 1 - peak / top };
};
const seeds = [1 + (Date.now() % 1_000_000), 20_201_123];
const runs = seeds.map((from) => judge(from, limits.ops / 2));
const broken = runs.find(({ fault }) => fault !== null);
const waste = Math.max(...runs.map((run) => run.waste));
const done = runs.reduce((sum, run) => sum + run.done, 0);
const percent = (100 * waste).toFixed(1);
let verdict = {
  zh: `${done} 次操作，没有重叠，浪费 ${percent}%。`,
  en: `${done} operations, no overlap, ${percent} % waste.`,
};
if (broken?.fault) verdict = broken.fault;
else if (done < 20_000)
  verdict = {
    zh: `一秒只做完 ${done} 次操作，太慢。`,
    en: `Only ${done} operations in a second: too slow.`,
  };
else if (waste > 0.2)
  verdict = {
    zh: `没有重叠，但浪费了 ${percent}%，上限是 20%。`,
    en: `No overlap, but ${percent} % waste. The limit is 20 %.`,
  };
({
  ok: broken === undefined && done >= 20_000 && waste <= 0.2,
  say: verdict,
});
