import { array, boot, uint8 } from "goheap";

//zh 微型对象
//en tiny objects
const T = array(1, uint8);

const go = boot();
const all = go.trace(() => {
  for (let i = 0; i < 1000; i++) go.new(T);
});
const refills = all.filter((e) => e.kind === "refill").length;
const { elemsize } = go.where(go.new(T));
table([{ size: T.size, elemsize, refills, of: 1000 }]);
