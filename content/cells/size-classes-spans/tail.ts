import { array, boot, int64, pointer } from "goheap";

const size = input.choice("size", [16, 48, 240, 512], 240);
const greentea = input.toggle("greentea", true);
const go = boot({ greentea });
go.new(array(size / 8, int64));
go.new(array(size / 8, pointer(int64)));
//zh 每个 span 的最后 1024 字节
//en the last 1024 bytes of each span
const strips = go.snapshot().spans.map((s) => {
  const { heapBits, inlineMarks } = s.reserved;
  const marks = 8192 - inlineMarks;
  const [end, bits] = [s.nelems * size, marks - heapBits];
  const cuts = new Set([bits, marks, 8192]);
  for (let at = end; at >= 7168; at -= size) cuts.add(at);
  const edges = [...cuts].sort((a, b) => a - b);
  const blocks = edges.slice(1).map((next, i) => {
    const at = edges[i];
    const left = at < end ? "live" : "hole";
    const kind = at < bits ? left : "meta";
    return { at: at - 7168, size: next - at, kind } as const;
  });
  const name = s.noscan ? "noscan" : "scan";
  return { name, bytes: 1024, blocks };
});
show.strip(strips);
