import { array, boot, uint8 } from "goheap";

//zh 槽对了，但对象可以更小
//en the right slot; the object could be smaller
const T = array(80, uint8);

const go = boot();
const all = go.trace(() => {
  for (let i = 0; i < 1000; i++) go.new(T);
});
const refills = all.filter((e) => e.kind === "refill").length;
const { elemsize } = go.where(go.new(T));
table([{ size: T.size, elemsize, refills, of: 1000 }]);
