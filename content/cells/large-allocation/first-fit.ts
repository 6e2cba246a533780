import { array, boot, type Ref, uint8 } from "goheap";

const seed = input.range("seed", { min: 2, max: 9 });
//zh 第 t 步在 n 个里选一个：看似随机，每次都一样
//en picks one of n in step t: as if at random, always the same
const pick = (t: number, n: number) =>
  (Math.imul(9 * t + seed, 0x9e3779b1) >>> 8) % n;

const go = boot();
const live: Ref[] = [];
const end = (r: Ref) => go.arena(r).page + go.where(r).npages;
const tops = Array.from({ length: 300 }, (_, t) => {
  //zh 活着的在 20 和 40 个之间起落
  //en between 20 and 40 of them live
  while (live.length >= (t % 100 < 50 ? 40 : 20))
    live.splice(pick(t, live.length), 1);
  go.sweep({ live });
  const pages = 16 + pick(t + 500, 64);
  live.push(go.new(array(pages * 8192, uint8)));
  return Math.max(...live.map(end));
});
show.pages(go.pages());
const highest = Math.max(...tops);
table([{ live: live.length, highest, end: tops.at(-1) }]);
