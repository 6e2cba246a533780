/** A call site: a name that the program gives to a place that allocates, and what came from there. */
import { Layout } from "../../memory/layout.ts";
import type { Ptr } from "../../memory/memory.ts";

export type Site = Ptr<"site">;

export const layout = new Layout("site");
export const [next, setNext] = layout.ptr<"site">("next");
/** Blocks that live, and the bytes asked for them. */
export const [liveCount, setLiveCount] = layout.i64("liveCount");
export const [liveBytes, setLiveBytes] = layout.i64("liveBytes");
/** All blocks so far. */
export const [totalCount, setTotalCount] = layout.i64("totalCount");
export const [totalBytes, setTotalBytes] = layout.i64("totalBytes");
/** UTF-16 units of the name, which follow the record. */
export const [nameLength, setNameLength] = layout.u32("nameLength");
layout.seal();
