import { boot } from "goheap";

const go = boot();
const je = go.offheap.jemalloc();
const takes: Record<string, (size: number) => number> = {
  arena: (size) => Math.ceil(size / 8) * 8,
  Go: (size) => go.where(go.malloc(size)).elemsize,
  jemalloc: (size) => je.sizeOf(size),
};
//zh 六个块各占多少，首尾相接画成一条
//en what each of the six blocks takes, drawn end to end
const kind = "live" as const;
const rows = Object.entries(takes).map(([name, take]) => {
  let next = 0;
  const blocks = [24, 20, 40, 100, 33, 17].map((size) => {
    const at = next;
    next += take(size);
    return { at, size, kind, label: `${size}` };
  });
  return { name, bytes: next, blocks };
});
show.strip(rows);
