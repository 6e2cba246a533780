import { array, boot, uint8 } from "goheap";

const page = array(8192, uint8);
//zh 四个 chunk，每多少页留一页（0：不留）；大页是 2 MiB，256 页
//en 4 chunks; one page kept of so many; a huge page: 2 MiB, 256
const rows = [0, 256, 64, 16].map((every) => {
  const go = boot();
  const all = [...Array(2048)].map(() => go.new(page));
  const live = all.filter(
    (_, i) => every > 0 && i % every === 0,
  );
  go.sweep({ live });
  go.sweep({ live });
  const sizes = go
    .trace(() => go.sleep(60_000))
    .filter((step) => step.kind === "scavenge")
    .map((step) => Number(step.npages));
  const released = sizes.reduce((sum, n) => sum + n, 0);
  const largest = Math.max(...sizes);
  return [live.length, released, sizes.length, largest];
});
const columns = ["live", "released", "calls", "largest"];
table(rows, { columns, turn: 1 });
