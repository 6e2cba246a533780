/** The toy's one record: a counter, two locks, and a stack of numbered slots. */
import { Layout } from "../../../engine/memory/layout.ts";

export const layout = new Layout("toy");
export const [count, setCount, countCas, addCount] = layout.u32a("count");
export const lockA = layout.bytes("lockA", 8, 8);
export const lockB = layout.bytes("lockB", 8, 8);
/** Slots given out so far; guarded by lockA. */
export const [cursor, setCursor] = layout.u32("cursor");
export const [ready, setReady] = layout.u32a("ready");
layout.seal();
