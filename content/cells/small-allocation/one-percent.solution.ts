import { array, boot, uint8 } from "goheap";

//zh 超过 64 的最小值，用 80 字节的槽
//en the least above 64: a slot of 80 bytes
const T = array(65, uint8);

const go = boot();
const all = go.trace(() => {
  for (let i = 0; i < 1000; i++) go.new(T);
});
const refills = all.filter((e) => e.kind === "refill").length;
const { elemsize } = go.where(go.new(T));
table([{ size: T.size, elemsize, refills, of: 1000 }]);
