/** `sizeclasses`: the table, the class of every small size, and rounding of small, large and absurd requests. */
import { classFigures } from "../../../engine/gc/classtable.ts";
import {
  SizeClassToDivMagic,
  SizeClassToNPages,
  SizeClassToSize,
  sizeToClass,
} from "../../../engine/gc/sizeclasses.ts";
import { Memory } from "../../../engine/memory/memory.ts";
import { setGreentea } from "../../../engine/records/globals.ts";
import { heapBitsInSpan } from "../../../engine/runtime/mbitmap.ts";
import { gcUsesSpanInlineMarkBits } from "../../../engine/runtime/mgcmark_greenteagc.ts";
import { roundupsize, roundupsizeLargeHi, roundupsizeLargeLo } from "../../../engine/runtime/msize.ts";
import { Value } from "../shape.ts";
import type { Tally } from "../tally.ts";
import type { Adapter } from "./adapter.ts";

export const sizeclasses: Adapter = {
  phases: ["table", "sizeToClass", "roundupsize", "roundupsizeLarge"],
  replay(recording, tally) {
    for (const line of recording.lines) {
      const value = new Value(recording, line);
      const phase = sizeclasses.phases.find((name) => value.has(name));
      if (phase === undefined) value.fail(`one of ${sizeclasses.phases.join(", ")} is wanted`);
      tally.begin(recording.file, line.line, phase as string);
      if (phase === "table") table(value.get("table"), tally);
      else if (phase === "sizeToClass") lookup(value.get("sizeToClass"), tally);
      else if (phase === "roundupsize") rounding(value.get("roundupsize"), tally);
      else roundingLarge(value.get("roundupsizeLarge"), tally);
    }
  },
};

function table(rows: Value, tally: Tally): void {
  const m = new Memory();
  setGreentea(m, true);
  for (const row of rows.list()) {
    tally.operation();
    const c = row.get("class").int(0, SizeClassToSize.length - 1);
    tally.same("size", row.get("size").int(), SizeClassToSize[c]);
    tally.same("pages", row.get("pages").int(), SizeClassToNPages[c]);
    tally.same("divmagic", row.get("divmagic").int(), SizeClassToDivMagic[c]);
    if (c === 0) continue;
    const figures = classFigures(c);
    tally.same("objects", row.get("objects").int(), figures.objects);
    tally.same("tailWaste", row.get("tailWaste").int(), figures.tailWaste);
    tally.same("minAlign", row.get("minAlign").int(), figures.minAlign);
    tally.same("maxWastePercent", row.get("maxWastePercent").text(), percent(figures.maxWaste));
    tally.same("heapBitsInSpan", row.get("heapBitsInSpan").flag(), heapBitsInSpan(figures.size));
    tally.same("inlineMarkBits", row.get("inlineMarkBits").flag(), gcUsesSpanInlineMarkBits(m, figures.size));
  }
}

/** Two digits as Go prints them: a tie goes to the even digit, where JavaScript's toFixed goes up. */
function percent(share: number): string {
  const hundredths = 1e4 * share;
  const isTie = hundredths % 1 === 0.5;
  return ((isTie ? 2 * Math.round(hundredths / 2) : Math.round(hundredths)) / 100).toFixed(2);
}

function lookup(values: Value, tally: Tally): void {
  for (const [size, expected] of values.ints(0, 255).entries()) {
    tally.operation();
    tally.same(`class of ${size}`, expected, sizeToClass(size));
  }
}

function rounding(value: Value, tally: Tally): void {
  const noscan = value.get("noscan").flag();
  const from = value.get("from").int();
  for (const [i, expected] of value.get("values").ints().entries()) {
    tally.operation();
    tally.same(`roundupsize(${from + i}, ${noscan})`, expected, roundupsize(from + i, noscan));
  }
}

function roundingLarge(value: Value, tally: Tally): void {
  const noscan = value.get("noscan").flag();
  for (const row of value.get("values").list()) {
    tally.operation();
    const size = row.get("size").bigint();
    const lo = Number(BigInt.asUintN(32, size));
    const hi = Number(size >> 32n);
    const got = (BigInt(roundupsizeLargeHi(lo, hi)) << 32n) | BigInt(roundupsizeLargeLo(lo, hi));
    tally.same(`roundupsize(${size}, ${noscan})`, String(row.get("r").bigint()), String(got));
    // What a double holds goes through the function that mallocgc uses, too.
    if (size < 2n ** 52n) tally.same(`roundupsize(${size}, ${noscan})`, Number(got), roundupsize(Number(size), noscan));
  }
}
