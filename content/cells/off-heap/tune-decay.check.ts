//zh 检查自己另跑一遍：改程序里的负载没有用
//en the check runs a load of its own: changing the program's is no help
const own = boot().offheap.jemalloc({ dirtyDecayMs });
const freed = Array.from({ length: 8192 }, () =>
  own.malloc(4096),
);
for (let i = 0; i < 8192; i += 2) freed[i].free();
let [peak, last] = [0, 0];
for (let t = 0; t < 3000; t += 100) {
  own.advance(100);
  const { purgedPages } = own.figures;
  peak = Math.max(peak, purgedPages - last);
  last = purgedPages;
}
const rest = own.figures.dirty;
const isSoon = rest <= 4 << 20;
const isSmooth = peak <= 400;
let verdict = {
  zh: `三秒后剩 ${rest} 字节，最忙的 100 毫秒归还 ${peak} 页。`,
  en: `${rest} bytes are left after 3 s, and the busiest 100 ms give back ${peak} pages.`,
};
if (!isSoon)
  verdict = {
    zh: `三秒后还剩 ${rest} 字节，上限是 4 MiB。`,
    en: `${rest} bytes are left after 3 s. The limit is 4 MiB.`,
  };
else if (!isSmooth)
  verdict = {
    zh: `有 100 毫秒归还了 ${peak} 页，上限是 400 页。`,
    en: `${peak} pages go back within 100 ms. The limit is 400.`,
  };
({ ok: isSoon && isSmooth, say: verdict });
