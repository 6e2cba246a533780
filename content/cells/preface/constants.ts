import { boot, sizeClasses, uint8 } from "goheap";

const go = boot();
const { elemsize } = go.where(go.new(uint8));
const classes = sizeClasses();
const objects = classes.map((row) => row.objects);
const records = go.records();
const central = records.find((row) => row.name === "mcentral");
const segments = go.segments();
const mine = segments.filter((s) => /^(heap|res)/.test(s.kind));
const { chunks, levels } = go.pages();
const rows = {
  PageSize: classes[0].spanBytes,
  NumSizeClasses: classes.length + 1,
  numSpanClasses: central?.count,
  MaxObjsPerSpan: Math.max(...objects),
  TinySize: elemsize,
  heapArenaBytes: mine.reduce((sum, s) => sum + s.bytes, 0),
  pallocChunkPages: chunks[0].inUse.length * 4,
  summaryLevels: levels.length,
  pageCachePages: go.pageCache().cache.slice(2).length * 4,
  heapMinimum: go.memstats().NextGC,
};
const columns = ["constant", "value"];
table(Object.entries(rows), { columns });
