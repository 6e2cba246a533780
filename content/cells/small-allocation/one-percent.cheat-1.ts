import { array, boot, uint8 } from "goheap";

//zh 少一个字节，就用 64 字节的槽
//en one byte less uses slots of 64 bytes
const T = array(64, uint8);

const go = boot();
const all = go.trace(() => {
  for (let i = 0; i < 1000; i++) go.new(T);
});
const refills = all.filter((e) => e.kind === "refill").length;
const { elemsize } = go.where(go.new(T));
table([{ size: T.size, elemsize, refills, of: 1000 }]);
