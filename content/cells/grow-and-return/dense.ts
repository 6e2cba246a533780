import { array, boot, uint8 } from "goheap";

const page = array(8192, uint8);
const range = { min: 480, max: 511, value: 496 };
const kept = input.range("live", range);

const heaps = [kept - 1, kept].map((n) => {
  const go = boot();
  const all = [...Array(512)].map(() => go.new(page));
  const live = all.slice(0, n);
  go.sweep({ live });
  go.sweep({ live });
  //zh 上限低得离谱：能还的都该还
  //en a limit so low that everything should go back
  go.setMemoryLimit(1024 * 1024);
  go.sleep(60_000);
  const pages = go.pages();
  const background = go.memstats().HeapReleased / 8192;
  go.freeOSMemory({ live });
  const forced = go.memstats().HeapReleased / 8192;
  return { pages, row: [n, 512 - n, background, forced] };
});
const columns = ["live", "free", "background", "forced"];
const rows = heaps.map(({ row }) => row);
table(rows, { columns, turn: 1 });
show.pages(heaps[1]!.pages);
