import { array, boot, uint8 } from "goheap";

const go = boot();
//zh 先分配两个，让 P 取来一块页
//en two objects first, so that the P has fetched pages
go.new(array(32761, uint8));
go.new(array(32761, uint8));
const rows = [5, 15, 16, 128].map((npages) => {
  const make = () => go.new(array(npages * 8192, uint8));
  let locks: string[] = [];
  const steps = go.trace(() => {
    locks = go.locks(make);
  });
  const span = steps.find((e) => e.kind === "allocSpan");
  return { npages, from: span?.from, locks: locks.length };
});
table(rows, { turn: 2 });
//zh mcache 里一个 span 也没有；它们都在 mcentral 里
//en no span is in the mcache; the mcentral has them all
const { fullSwept } = go.mcentral(1);
const mcache = go.mcache().length;
table([{ mcache, fullSwept: fullSwept.length }]);
