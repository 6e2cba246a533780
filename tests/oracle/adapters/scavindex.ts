/**
 * `scavindex`: the scavenge index by itself. Chunks are counted from the first.
 *
 * A recorded `find` does not say with which of the two cursors it looked, as the cursor's address has the same name:
 * "force". So both are tried; one of them must give the recorded answer and leave both cursors as recorded.
 */
import type { Memory } from "../../../engine/memory/memory.ts";
import { osAlloc } from "../../../engine/memory/os.ts";
import * as scav from "../../../engine/records/mgcscavenge.ts";
import { arenaBaseOffset, pageSize, pallocChunkPages } from "../../../engine/records/sizes.ts";
import {
  cursorChunk,
  cursorPage,
  indexAlloc,
  indexFind,
  indexFree,
  indexGrow,
  indexInit,
  indexNextGen,
  indexSetEmpty,
  resetSearchAddrs,
} from "../../../engine/runtime/mgcscavenge_index.ts";
import { chunkBase } from "../../../engine/runtime/mpagealloc.ts";
import { Value } from "../shape.ts";
import { isSame, type Tally } from "../tally.ts";
import type { Adapter } from "./adapter.ts";
import { bareMemory, chunkData, firstChunk, hexAddress } from "./pages.ts";

export const scavindex: Adapter = {
  phases: ["ops"],
  replay(recording, tally) {
    for (const line of recording.lines) {
      const ops = new Value(recording, line).get("ops").list();
      tally.begin(recording.file, line.line, "ops");
      let index: Index | undefined;
      for (const op of ops) {
        tally.operation();
        if (op.get("op").text() === "init") index = new Index(op.get("chunks").int(1, 2 ** 19));
        else if (index === undefined) op.fail('the first operation must be "init"');
        else index.does(op, tally);
        if (op.has("bg")) index?.same(op, tally);
      }
    }
  },
};

/** An index all of whose pages are allocated, and whose cursors were reset. */
class Index {
  readonly m: Memory = bareMemory();
  readonly s = osAlloc(this.m, scav.indexLayout.size);

  constructor(chunks: number) {
    indexInit(this.m, this.s, true, firstChunk, firstChunk + chunks);
    indexGrow(this.m, this.s, firstChunk, firstChunk + chunks, osAlloc(this.m, 8));
    for (let ci = 0; ci < chunks; ci++) indexAlloc(this.m, this.s, firstChunk + ci, pallocChunkPages);
    resetSearchAddrs(this.m, this.s);
  }

  does(op: Value, tally: Tally): void {
    const { m, s } = this;
    switch (op.get("op").text()) {
      case "alloc":
        for (const [ci, , n] of runs(op)) indexAlloc(m, s, ci, n);
        return;
      case "free":
        for (const [ci, pi, n] of runs(op)) indexFree(m, s, ci, pi, n);
        return;
      case "find":
        this.#find(op, tally);
        return;
      case "setEmpty":
        indexSetEmpty(m, s, firstChunk + op.get("chunk").int());
        return;
      case "nextGen":
        indexNextGen(m, s);
        return;
      case "check":
        for (const [i, chunk] of op.get("chunks").list().entries()) {
          const { inUse, lastInUse, gen, flags } = chunkData(m, s, firstChunk + i);
          tally.same(`chunk ${i}`, chunk.raw, [inUse, lastInUse, gen, flags]);
        }
        return;
      default:
        op.get("op").fail("one of alloc, free, find, setEmpty, nextGen, check is wanted");
    }
  }

  #find(op: Value, tally: Tally): void {
    const { m, s } = this;
    const want = [op.get("none").flag(), op.get("chunk").int(), op.get("page").int(), ...recordedCursors(op)];
    const [bg, force] = [scav.searchAddrBg(m, s), scav.searchAddrForce(m, s)];
    const found = [false, true].map((forced) => {
      scav.setSearchAddrBg(m, s, bg);
      scav.setSearchAddrForce(m, s, force);
      const ci = indexFind(m, s, forced);
      const page = m.ret[0];
      const got = [ci === 0, ci === 0 ? 0 : ci - firstChunk, page, ...this.#cursors()];
      return { got, isRight: isSame(want, got), bg: scav.searchAddrBg(m, s), force: scav.searchAddrForce(m, s) };
    });
    const one = found.find((f) => f.isRight) ?? found[0];
    scav.setSearchAddrBg(m, s, one.bg);
    scav.setSearchAddrForce(m, s, one.force);
    tally.same("find", want, one.got);
  }

  /** Compares the cursors. */
  same(op: Value, tally: Tally): void {
    tally.same("bg, bgMarked, force, forceMarked, freeHWM", recordedCursors(op), this.#cursors());
  }

  #cursors(): (string | boolean)[] {
    const { m, s } = this;
    const [bg, force] = [scav.searchAddrBg(m, s) | 0, scav.searchAddrForce(m, s) | 0];
    return [this.#address(bg), bg < 0, this.#address(force), force < 0, this.#address(scav.freeHWM(m, s))];
  }

  /** A cursor's address. */
  #address(cursor: number): string {
    const at = Math.abs(cursor);
    if (at === 0) return hexAddress(arenaBaseOffset);
    return hexAddress(chunkBase(cursorChunk(this.m, this.s, at)) + cursorPage(at) * pageSize);
  }
}

function recordedCursors(op: Value): (string | boolean)[] {
  const [bg, force, freeHWM] = [op.get("bg").text(), op.get("force").text(), op.get("freeHWM").text()];
  return [bg, op.get("bgMarked").flag(), force, op.get("forceMarked").flag(), freeHWM];
}

/** The pieces of a run of pages in each chunk that it crosses: chunk, first page, pages. */
function runs(op: Value): [ci: number, pi: number, n: number][] {
  const pieces: [number, number, number][] = [];
  let [ci, pi, left] = [op.get("chunk").int(), op.get("page").int(0, pallocChunkPages - 1), op.get("n").int(1)];
  while (left > 0) {
    const n = Math.min(left, pallocChunkPages - pi);
    pieces.push([firstChunk + ci, pi, n]);
    [ci, pi, left] = [ci + 1, 0, left - n];
  }
  return pieces;
}
