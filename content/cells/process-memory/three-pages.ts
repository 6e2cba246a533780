import { addressSpace } from "goheap";

const PAGE = 4096;
const range = { min: 1, max: 31, value: 3 };
const n = input.range("pages", range);
const os = addressSpace({ bytes: 64 * 1024 * 1024 });
const region = os.reserve(64 * PAGE);
const seen = [os.figures];
region.map(0, 32 * PAGE);
seen.push(os.figures);
region.touch(0, n * PAGE);
seen.push(os.figures);
region.release(0, n * PAGE);
seen.push(os.figures);
const steps = ["reserve", "map", "touch", "release"];
const rows = seen.map((f, i) => ({ step: steps[i], ...f }));
table(rows);

const { virtual, committed, resident: size } = seen[2]!;
const blocks: StripRow["blocks"] = [
  { at: 0, size, kind: "resident" },
  { at: size, size: committed - size, kind: "ready" },
  { at: committed, size: committed, kind: "reserved" },
];
show.strip([{ name: "touch", bytes: virtual, blocks }]);
