import { boot, struct } from "goheap";

const go = boot();
const Empty = struct("Empty", {});
const four = [go.new(Empty), go.new(Empty), go.new(Empty), go.new(Empty)];

const addresses = new Set(four.map((ref) => ref.address)).size;
const { Mallocs } = go.memstats();
table([{ objects: four.length, addresses, Mallocs }]);
