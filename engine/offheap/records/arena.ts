/** A bump arena: where its next object goes, and the chunks that it has. */
import { Layout } from "../../memory/layout.ts";
import type { Ptr } from "../../memory/memory.ts";

export type BumpArena = Ptr<"bumpArena">;

/** Chunks that an arena can have: their lengths double, so that the window is full long before. */
export const maxChunks = 1024;

export const layout = new Layout("bumpArena");
/** Which of the arena's lives this is: the objects of the ones before are gone. Counted from 1. */
export const [serial, setSerial] = layout.u32("serial");
/** Bytes of the first chunk, and of the next. */
export const [firstChunk, setFirstChunk] = layout.u32("firstChunk");
export const [nextChunk, setNextChunk] = layout.u32("nextChunk");
/** Number of chunks, and of the one that objects go into. */
export const [chunks, setChunks] = layout.u32("chunks");
export const [current, setCurrent] = layout.u32("current");
/** First free byte of the current chunk, and its end. */
export const [bump, setBump] = layout.u32("bump");
export const [end, setEnd] = layout.u32("end");
/** Objects of this life, bytes asked for them, bytes skipped for alignment, bytes left behind at ends of chunks. */
export const [count, setCount] = layout.i64("count");
export const [requested, setRequested] = layout.i64("requested");
export const [padding, setPadding] = layout.i64("padding");
export const [tails, setTails] = layout.i64("tails");
/** Bytes of all chunks. */
export const [mapped, setMapped] = layout.i64("mapped");
/** First byte and length of each chunk. */
export const [chunkAt, setChunkAt] = layout.u32s("chunkAt", maxChunks);
export const [chunkBytes, setChunkBytes] = layout.u32s("chunkBytes", maxChunks);
layout.seal();
