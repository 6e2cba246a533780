//zh 放满 64 块，每隔一块释放一块，再多要一个字节
//en 64 blocks fill it, every second one goes, then one byte more
const trace = [
  ...Array.from({ length: 64 }, () => 64),
  ...Array.from({ length: 32 }, (_, i) => -2 * i - 1),
  65,
];

const live: { k: number; at: number; end: number }[] = [];
let asked = 0;
const step = (n: number) => {
  if (n < 0) {
    live.splice(
      live.findIndex(({ k }) => k === -n),
      1,
    );
    return "free";
  }
  const k = ++asked;
  let [at, i] = [0, 0];
  for (; i < live.length && at + n > live[i].at; i++)
    at = live[i].end;
  if (at + n > 4096) return "—";
  live.splice(i, 0, { k, at, end: at + n });
  return at;
};
const at = trace.map(step).at(-1);
const free = live.reduce((n, b) => n - b.end + b.at, 4096);
table([{ free, request: trace.at(-1), at }]);
