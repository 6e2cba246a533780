/**
 * arenaHint: an address at which to try to reserve the next arena.
 *
 * Go 1.26: runtime/mheap.go (arenaHint).
 */
import { Layout } from "../memory/layout.ts";
import type { Ptr } from "../memory/memory.ts";

export type ArenaHint = Ptr<"arenaHint">;

export const layout = new Layout("arenaHint", 24);
/** Go's address; with `down` set the arena ends here, else it starts here. */
export const [addr, setAddr] = layout.i64("addr");
export const [down, setDown] = layout.u8("down");
export const [next, setNext] = layout.ptr<"arenaHint">("next");
layout.seal();
