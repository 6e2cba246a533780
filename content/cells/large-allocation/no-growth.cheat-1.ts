import { array, boot, uint8 } from "goheap";

//zh 一个也不活
//en nobody lives
const lives = (page: number) => page >= 512;

const go = boot();
const Page = array(8192, uint8);
const all = Array.from({ length: 512 }, () => go.new(Page));
go.startSweep({ live: all.filter((_, page) => lives(page)) });

//zh 要 32 页，堆却不增长
//en 32 pages are wanted, and the heap shall not grow
const Wanted = array(32 * 8192, uint8);
const steps = go.trace(() => go.new(Wanted));
const count = (kind: string) =>
  steps.filter((e) => e.kind === kind).length;
const [swept, grows] = ["sweepSpan", "heapGrow"].map(count);
table([{ swept, grows }]);
