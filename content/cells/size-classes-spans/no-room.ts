//zh n：申请 n 字节；-k：释放第 k 次申请到的块
//en n asks for n bytes; -k frees the block of request k
const trace = [2048, 2048, -1, 2049];

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
