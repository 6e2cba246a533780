/** Page allocators and their parts by themselves, for recordings that were made with Go's test hooks. */
import { lock, unlock } from "../../../engine/memory/atomics.ts";
import { FIXED_HEAP_BASE, Memory, NIL } from "../../../engine/memory/memory.ts";
import { osAlloc, osInit } from "../../../engine/memory/os.ts";
import { hex64 } from "../../../engine/memory/u64.ts";
import type { PageBits } from "../../../engine/records/mpagealloc.ts";
import * as pageAlloc from "../../../engine/records/mpagealloc.ts";
import * as mranges from "../../../engine/records/mranges.ts";
import { pageSize, summaryLevels } from "../../../engine/records/sizes.ts";
import { scavenge } from "../../../engine/runtime/mgcscavenge.ts";
import { chunkDataAt, flagsOf, indexNextGen, inUseOf, lastInUseOf } from "../../../engine/runtime/mgcscavenge_index.ts";
import {
  chunkBase,
  chunkIndex,
  chunkOf,
  pageAllocAlloc,
  pageAllocFree,
  pageAllocGrow,
  pageAllocInit,
  scavIndex,
  sumAt,
  sumEnd,
  sumMax,
  sumStart,
} from "../../../engine/runtime/mpagealloc.ts";
import type { Value } from "../shape.ts";
import type { Tally } from "../tally.ts";

/** Words of 64 bits in a bitmap. */
export const bitmapWords = 8;

/** A memory that only a test looks at: no heap, and room for what is tested. */
export function bareMemory(windowBytes = 64 * 1024 * 1024): Memory {
  const m = new Memory({ windowBytes, heapBase: FIXED_HEAP_BASE, check: "local" });
  osInit(m);
  return m;
}

/** An address as it is printed; `"0x0"` for none. */
export function hexAddress(addr: number): string {
  return `0x${(addr < 0 ? BigInt(addr) + 2n ** 64n : BigInt(addr)).toString(16)}`;
}

/** A word of 64 bits as it is printed. */
export function hexWord(lo: number, hi: number): string {
  return hex64(lo, hi).replace(/^0x0*(?=.)/, "0x");
}

/** An address `"0x…"` below 2^48. */
export function address(value: Value): number {
  const [lo, hi] = value.word();
  if (hi < 0 || hi >= 2 ** 16) return value.fail("an address below 2^48 is wanted");
  return hi * 2 ** 32 + (lo >>> 0);
}

/** Writes a bitmap of 512 pages. */
export function writeBitmap(m: Memory, at: PageBits, words: Value): void {
  for (const [i, word] of words.list(bitmapWords).entries()) {
    [m.i32[(at >> 2) + 2 * i], m.i32[(at >> 2) + 2 * i + 1]] = word.word();
  }
}

/** A bitmap of 512 pages, as it is printed. */
export function readBitmap(m: Memory, at: PageBits): string[] {
  return Array.from({ length: bitmapWords }, (_, i) => hexWord(m.i32[(at >> 2) + 2 * i], m.i32[(at >> 2) + 2 * i + 1]));
}

/** A page allocator that knows no page yet. Go: NewPageAlloc, empty. */
export class PageAllocator {
  readonly m: Memory;
  readonly p: number;
  readonly #lock: number;

  /** @param ops the case's operations: what they grow into must have room */
  constructor(ops: readonly Value[]) {
    const grows = ops.filter((op) => op.has("op") && op.get("op").text() === "grow");
    const firsts = grows.map((op) => chunkIndex(address(op.get("base"))));
    const lasts = grows.map((op) => chunkIndex(address(op.get("base")) + op.get("size").int(1) - 1));
    const from = Math.min(firstChunk, ...firsts);
    const to = Math.max(firstChunk, ...lasts) + 1;
    this.m = bareMemory(to - from > 2 ** 19 ? 512 * 1024 * 1024 : undefined);
    this.#lock = osAlloc(this.m, 8);
    this.p = osAlloc(this.m, pageAlloc.layout.size);
    pageAllocInit(this.m, this.p, this.#lock, osAlloc(this.m, 8), true, from, to);
  }

  /** Does what is done under the heap lock. */
  locked<T>(what: () => T): T {
    lock(this.m, this.#lock);
    try {
      return what();
    } finally {
      unlock(this.m, this.#lock);
    }
  }

  /** The engine's offset of an address. */
  off(addr: number): number {
    return addr - chunkBase(pageAlloc.originChunk(this.m, this.p));
  }

  /** The address of an offset; `"0x0"` for NIL. */
  hex(off: number): string {
    return off === NIL ? "0x0" : hexAddress(off + chunkBase(pageAlloc.originChunk(this.m, this.p)));
  }

  searchAddr(): string {
    return hexWord(pageAlloc.searchAddrLo(this.m, this.p), pageAlloc.searchAddrHi(this.m, this.p));
  }

  /** Does one of grow, alloc, free, scavenge, nextGen, check. @returns false for another operation */
  does(op: Value, tally: Tally): boolean {
    const { m, p } = this;
    switch (op.get("op").text()) {
      case "grow":
        this.locked(() => pageAllocGrow(m, p, this.off(address(op.get("base"))), op.get("size").int(1)));
        return true;
      case "alloc": {
        const off = this.locked(() => pageAllocAlloc(m, p, op.get("n").int(1)));
        const scav = off === NIL ? 0 : m.ret[0];
        tally.same("addr", op.get("addr").text(), this.hex(off));
        tally.same("scav", op.get("scav").int(), scav * pageSize);
        return true;
      }
      case "free":
        this.locked(() => pageAllocFree(m, p, this.off(address(op.get("addr"))), op.get("n").int(1)));
        return true;
      case "scavenge": {
        const released = scavenge(m, p, op.get("bytes").int(), false, op.get("force").flag());
        tally.same("released", op.get("released").int(), released);
        return true;
      }
      case "nextGen":
        this.locked(() => indexNextGen(m, scavIndex(p)));
        return true;
      case "check":
        this.#check(op, tally);
        return true;
      default:
        return false;
    }
  }

  #check(op: Value, tally: Tally): void {
    const { m, p } = this;
    tally.same("searchAddr", op.get("searchAddr").text(), this.searchAddr());
    tally.same("bounds", op.get("bounds").raw, [pageAlloc.start(m, p), pageAlloc.end(m, p)]);
    tally.same("inUse", op.get("inUse").raw ?? [], this.#inUse());
    for (const level of op.get("summaries").list()) {
      const l = level.get("level").int(0, summaryLevels - 1);
      const entries = level.get("entries").list();
      const got = entries.map((entry) => this.#sum(l, entry.list(4)[0].int()));
      tally.same(`summaries of level ${l}`, level.get("entries").raw ?? [], got);
    }
    if (!op.has("chunks")) return;
    for (const chunk of op.get("chunks").list()) this.#checkChunk(chunk, tally);
  }

  #inUse(): string[][] {
    const a = pageAlloc.inUse(this.p);
    return Array.from({ length: mranges.rangesLen(this.m, a) }, (_, i) => {
      const r = mranges.at(this.m, a, i);
      return [hexAddress(mranges.base(this.m, r)), hexAddress(mranges.limit(this.m, r))];
    });
  }

  #sum(l: number, i: number): number[] {
    const at = sumAt(this.m, this.p, l, i);
    return [i, sumStart(this.m, at), sumMax(this.m, at), sumEnd(this.m, at)];
  }

  /** A chunk is numbered from the address that Go's tests begin at. */
  #checkChunk(chunk: Value, tally: Tally): void {
    const { m, p } = this;
    const n = chunk.get("chunk").int();
    const ci = firstChunk + n;
    const data = chunkOf(m, p, ci);
    tally.same(`alloc of chunk ${n}`, chunk.get("alloc").raw, readBitmap(m, pageAlloc.pallocBits(data)));
    tally.same(`scav of chunk ${n}`, chunk.get("scav").raw, readBitmap(m, pageAlloc.scavenged(data)));
    const { inUse, lastInUse, gen, flags } = chunkData(m, scavIndex(p), ci);
    tally.same(`scavIndex of chunk ${n}`, chunk.get("scavIndex").raw, { inUse, lastInUse, gen, flags });
  }
}

/** Number of the chunk that Go's tests count from: address 0x3000000000. */
export const firstChunk = chunkIndex(0x3000000000);

/** What a scavenge index knows of a chunk. */
export function chunkData(m: Memory, index: number, ci: number) {
  const at = chunkDataAt(m, index, ci);
  const word = m.i32[at >> 2];
  return { inUse: inUseOf(word), lastInUse: lastInUseOf(word), gen: m.u32[(at >> 2) + 1], flags: flagsOf(word) };
}

/** An 8-byte counter as a decimal string, unsigned. */
export function uint64Text(m: Memory, at: number): string {
  return String((BigInt(m.u32[(at + 4) >> 2]) << 32n) | BigInt(m.u32[at >> 2]));
}
