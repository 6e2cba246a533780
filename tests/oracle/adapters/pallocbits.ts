/** `pallocbits`: bitmaps of 512 pages, and the helpers that they are searched with. */
import type { Memory } from "../../../engine/memory/memory.ts";
import { osAlloc } from "../../../engine/memory/os.ts";
import * as pageAlloc from "../../../engine/records/mpagealloc.ts";
import { pallocChunkPages } from "../../../engine/records/sizes.ts";
import { fillAligned, findScavengeCandidate } from "../../../engine/runtime/mgcscavenge.ts";
import {
  allocRange,
  find,
  findBitRange64,
  freeRange,
  popcntRange,
  summarize,
} from "../../../engine/runtime/mpallocbits.ts";
import { Value } from "../shape.ts";
import type { Tally } from "../tally.ts";
import type { Adapter } from "./adapter.ts";
import { bareMemory, hexWord, readBitmap, writeBitmap } from "./pages.ts";

export const pallocbits: Adapter = {
  phases: ["bitmaps", "helpers", "mutate"],
  replay(recording, tally) {
    const m = bareMemory();
    const d = osAlloc(m, pageAlloc.pallocDataLayout.size);
    for (const line of recording.lines) {
      const value = new Value(recording, line);
      const begin = (phase: string) => tally.begin(recording.file, line.line, phase);
      m.u8.fill(0, d, d + pageAlloc.pallocDataLayout.size);
      if (value.has("helpers")) {
        begin("helpers");
        for (const row of value.get("helpers").list()) helper(m, row, tally);
      } else if (value.has("mutate")) {
        begin("mutate");
        for (const op of value.get("ops").list()) mutate(m, d, op, tally); // on an empty bitmap; `bits` is the last
        tally.same("bits", value.get("bits").raw, readBitmap(m, pageAlloc.pallocBits(d)));
      } else {
        begin("bitmaps");
        bitmaps(m, d, value, tally);
      }
    }
  },
};

function bitmaps(m: Memory, d: number, value: Value, tally: Tally): void {
  const bits = pageAlloc.pallocBits(d);
  writeBitmap(m, bits, value.get("alloc"));
  writeBitmap(m, pageAlloc.scavenged(d), value.get("scav"));
  tally.operation();
  tally.same("summary", value.get("summary").raw, summary(m, bits));
  for (const search of value.get("find").list()) {
    tally.operation();
    const index = find(m, bits, search.get("n").int(1, pallocChunkPages), pageOf(search.get("from")));
    tally.same("index", search.get("index").raw, index);
    tally.same("firstFree", search.get("firstFree").raw, m.ret[0]);
  }
  for (const search of value.get("scavengeCandidate").list()) {
    tally.operation();
    const [from, min, max] = [pageOf(search.get("from")), search.get("min").int(1, 64), search.get("max").int()];
    tally.same("start", search.get("start").raw, findScavengeCandidate(m, d, from, min, max));
    tally.same("n", search.get("n").raw, m.ret[0]);
  }
  for (const row of value.get("popcnt").list()) {
    tally.operation();
    const [i, n, count] = row.ints(0, pallocChunkPages);
    tally.same("popcnt", count, popcntRange(m, bits, i, n));
  }
}

function pageOf(value: Value): number {
  return value.int(0, pallocChunkPages - 1);
}

function summary(m: Memory, bits: number): number[] {
  const max = summarize(m, bits);
  return [m.ret[0], max, m.ret[1]];
}

/** [x, m, fillAligned(x, m)] or [c, n, "findBitRange64", index]. */
function helper(m: Memory, row: Value, tally: Tally): void {
  tally.operation();
  const cells = row.list();
  if (cells.length !== 3 && cells.length !== 4) row.fail("[x, m, word] or [c, n, name, index] is wanted");
  const [lo, hi] = cells[0].word();
  const n = cells[1].int(1, 64);
  if (cells.length === 4) {
    if (cells[2].text() !== "findBitRange64") cells[2].fail('"findBitRange64" is wanted');
    tally.same("findBitRange64", cells[3].int(), findBitRange64(lo, hi, n));
    return;
  }
  const filled = fillAligned(m, lo, hi, n);
  tally.same("fillAligned", cells[2].text(), hexWord(filled, m.ret[0]));
}

/** ["allocRange", i, n], ["free", i, n] or ["summary", start, max, end]. */
function mutate(m: Memory, d: number, op: Value, tally: Tally): void {
  tally.operation();
  const [name, ...rest] = op.list();
  const [a, b, c] = rest.map((v) => v.int(0, pallocChunkPages));
  if (name?.text() === "allocRange") allocRange(m, d, a, b);
  else if (name?.text() === "free") freeRange(m, d, a, b);
  else if (name?.text() === "summary") tally.same("summary", [a, b, c], summary(m, pageAlloc.pallocBits(d)));
  else op.fail('one of "allocRange", "free", "summary" is wanted');
}
