import { boot, int64, uint8 } from "goheap";

const base = input.choice("base", ["fixed", "random"], "fixed");
const range = { min: 1, max: 99, value: 1 };
const seed = input.range("seed", range);

const MiB = 1024 * 1024;
const go = boot({ base, seed, windowBytes: 256 * MiB });
//zh 先用掉一个多 arena，再分配一个小对象
//en more than an arena is used up first
for (let i = 0; i < 70; i++) go.make(uint8, MiB);
const ref = go.new(int64);
const { address, arena, arenaBase, page } = go.arena(ref);
table([{ address, arena, arenaBase, page }]);
show.map(go.segments(), { at: ref });
