const ask = () =>
  Array.from({ length: 3100 }, (_, key) => has(key));
const answers = ask();
const right = answers.every(
  (yes, key) => yes === (key % 3 === 0 && key < 3069),
);
const { mapped: took } = arena.figures;
//zh 除了这一个 arena，进程不该再占别的内存
//en apart from this one arena the process should hold nothing
const lone = boot();
lone.offheap.arena({ chunkBytes: 16384 }).alloc(1);
const elsewhere =
  go.offheap.os.committed - took >
    lone.offheap.os.committed - 16384 ||
  go.memstats().Mallocs > 0;
//zh arena 清空之后还答得对，答案就不是从里面来的
//en whoever answers rightly after the reset did not read the arena
arena.reset();
let isGone = true;
try {
  isGone = ask().join() !== answers.join();
} catch {}
let verdict = {
  zh: `${took} 字节，放下了 1023 个键。`,
  en: `${took} bytes for 1023 keys.`,
};
if (!right)
  verdict = {
    zh: "has() 答错了：该有的键是 0、3、6……3066。",
    en: "has() is wrong: the keys are 0, 3, 6 … 3066.",
  };
else if (!isGone || elsewhere)
  verdict = {
    zh: "树要全部放在这个 arena 里。",
    en: "The whole tree must lie in this arena.",
  };
else if (took > 16384)
  verdict = {
    zh: `占了 ${took} 字节，上限是 16384。`,
    en: `It takes ${took} bytes. The limit is 16384.`,
  };
({
  ok: right && isGone && !elsewhere && took <= 16384,
  say: verdict,
});
