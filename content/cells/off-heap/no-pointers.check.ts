const upTo1001 = () => {
  const taken: unknown[] = [];
  for (const one of walk()) {
    taken.push(one);
    if (taken.length > 1000) break;
  }
  return taken;
};
const walked = upTo1001();
const inOrder =
  walked.length === 1000 &&
  walked.every((one, i) => one === 1000 - i);
const made = go.memstats().Mallocs;
const scanned = go.heapScan;
//zh 全部收走：还读得到，就不在 Go 的堆里
//en everything is taken away: what can still be read was not in Go's heap
const { freedBytes } = go.sweep();
let isGone = false;
try {
  isGone = upTo1001().join() !== walked.join();
} catch {
  isGone = true;
}
const onHeap = freedBytes >= 8000 && isGone;
let verdict = {
  zh: `${made} 次分配，没有指针要回收器去看。`,
  en: `${made} allocation, and no pointer for the collector to look at.`,
};
if (!inOrder)
  verdict = {
    zh: "walk() 要依次给出 1000 到 1。",
    en: "walk() must give 1000 down to 1, in order.",
  };
else if (!onHeap)
  verdict = {
    zh: "值要存在 Go 的堆里，并从那里读出来。",
    en: "The values must lie in Go's heap, and be read from there.",
  };
else if (scanned > 0)
  verdict = {
    zh: `里面还有指针：heapScan 是 ${scanned} 字节。`,
    en: `There are pointers left: heapScan is ${scanned} bytes.`,
  };
else if (made > 2)
  verdict = {
    zh: `用了 ${made} 次分配，最多两次。`,
    en: `That took ${made} allocations. Two are allowed.`,
  };
({
  ok: inOrder && onHeap && scanned === 0 && made <= 2,
  say: verdict,
});
