import { array, boot, type Ref, uint8 } from "goheap";

const [go, refs] = [boot(), [] as Ref[]];
let live = [{ k: -1, at: 1 << 24, end: 1 << 24 }];
let [seed, looked] = [1, 0];
const draw = (n: number) =>
  (seed = (seed * 48271) % 2147483647) % n;
for (let i = 0; i < 6000; i++) {
  //zh 先放满 1000 个，再随机换掉其中一个
  //en fill 1000 places, then replace one at random
  const k = i < 1000 ? i : draw(1000);
  const size = 8 + draw(1017);
  live = live.filter((block) => block.k !== k);
  let [at, j] = [0, 0];
  for (; at + size > live[j].at; j++) at = live[j].end;
  live.splice(j, 0, { k, at, end: at + size });
  looked += j + 1;
  refs[k] = go.new(array(size, uint8));
  if (i % 50 === 49) go.sweep({ live: refs });
}
const asked = refs.reduce((sum, ref) => sum + ref.size, 0);
const { HeapAlloc, HeapInuse } = go.memstats();
const firstFit = live.at(-2)?.end;
const holes = Math.round(looked / 6000);
table([{ asked, firstFit, holes, HeapAlloc, HeapInuse }]);
