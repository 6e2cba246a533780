import { boot, struct } from "goheap";

const go = boot();
const Empty = struct("Empty", {});
const four = [1, 2, 3, 4].map(() => go.new(Empty));

const unique = new Set(four.map((ref) => ref.address));
const { Mallocs } = go.memstats();
table([{ objects: 4, addresses: unique.size, Mallocs }]);
