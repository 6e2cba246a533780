/** A set of free extents in one state: filed by length for searching, and chained by age of being freed for purging. */
import { Layout } from "../../memory/layout.ts";
import type { Ptr } from "../../memory/memory.ts";
import { numPageClasses } from "../sizeclasses.ts";

export type Eset = Ptr<"eset">;

export const layout = new Layout("eset");
/** Sums over the set. */
export const [pages, setPages] = layout.u32("pages");
export const [count, setCount] = layout.u32("count");
/** Ends of the chain by time. */
export const [oldest, setOldest] = layout.ptr<"extent">("oldest");
export const [newest, setNewest] = layout.ptr<"extent">("newest");
/** Bit i is set while list i is not empty. */
export const [nonempty, setNonempty] = layout.u32s("nonempty", 3);
/** One list for each page class, the oldest mapping first, then the lowest address. */
export const [heads, setHeads] = layout.ptrs<"extent">("heads", numPageClasses);
layout.seal();
