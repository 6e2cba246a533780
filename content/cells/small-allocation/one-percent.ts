import { array, boot, uint8 } from "goheap";

//zh 对象的类型：越小越好，但每百次分配至少一次 refill
//en as small as can be, with a refill in every hundred
const T = array(96, uint8);

const go = boot();
const all = go.trace(() => {
  for (let i = 0; i < 1000; i++) go.new(T);
});
const refills = all.filter((e) => e.kind === "refill").length;
const { elemsize } = go.where(go.new(T));
table([{ size: T.size, elemsize, refills, of: 1000 }]);
