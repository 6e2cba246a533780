/** The flat build of mallocgc does what the readable one does: same addresses, same bytes of memory. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { array, type GoType, pointer, struct, uint8, uint64 } from "../../engine/index.ts";
import { Memory } from "../../engine/memory/memory.ts";
import { writeDescriptor } from "../../engine/process/descriptors.ts";
import { writeBarrier } from "../../engine/records/globals.ts";
import * as readable from "../../engine/runtime/malloc.ts";
import { gcBeginCycle, gcEndMarking, sweepAll } from "../../engine/runtime/mgc.ts";
import { markObject } from "../../engine/runtime/mgcmark.ts";
import { schedinit } from "../../engine/runtime/proc.ts";
import { writeFlat } from "../../scripts/flatten/build.ts";
import { flatten } from "../../scripts/flatten/flatten.ts";
import { readSource } from "../../scripts/flatten/modules.ts";

type Build = (m: Memory, size: number, typ: number, needzero: boolean) => number;
/** Request of a size with a type (0: no pointers), or a sweep that keeps every k-th object. */
type Step = { readonly size: number; readonly type: number } | { readonly keep: number };

const words = (n: number) => (n === 0 ? {} : { rest: array(n, uint64) });
/** Pointers first, last and throughout; sizes on both sides of 512 and of a bitmap word. */
const types: readonly GoType[] = [
  pointer(uint8),
  struct({ p: pointer(uint8), ...words(1) }),
  struct({ p: pointer(uint8), ...words(7) }),
  struct({ n: array(4, uint64), p: pointer(uint8) }),
  array(33, pointer(uint8)),
  struct({ p: pointer(uint8), ...words(63) }),
  struct({ p: pointer(uint8), ...words(64) }),
  array(127, pointer(uint8)),
];
const sizes = types.map((t) => t.size);

let flat: Build;
beforeAll(async () => {
  const text = readFileSync(await writeFlat(), "utf8");
  flat = load(text);
});

/** The flat functions over this test's own engine modules, so that there is one copy of everything else. */
function load(text: string): Build {
  const names: string[] = [];
  const values: unknown[] = [];
  const body = text
    .replace(/^import \{([^}]*)\} from "([^"]+)";$/gm, (_, list: string, from: string) => {
      const path = from.slice(from.indexOf("/engine/") + 1);
      for (const item of list.split(",").filter((s) => s.trim() !== "")) {
        const [name, local = name] = item.trim().split(" as ");
        names.push(local);
        values.push(engineModule(path)[name]);
      }
      return "";
    })
    .replace(/^import \* as (\w+) from "([^"]+)";$/gm, (_, local: string, from: string) => {
      names.push(local);
      values.push(engineModule(from.slice(from.indexOf("/engine/") + 1)));
      return "";
    })
    .replace(/^export \{ (\S+) as mallocgc \};$/m, "return $1;")
    .replace(/^export /gm, "");
  return new Function(...names, `"use strict";\n${body}`)(...values) as Build;
}

const loaded = import.meta.glob("../../engine/{gc,memory,records,runtime}/*.ts", { eager: true }) as Record<
  string,
  Record<string, unknown>
>;

function engineModule(path: string): Record<string, unknown> {
  const module = loaded[`../../${path}`];
  if (module === undefined) throw new Error(`${path} is no module of the engine`);
  return module;
}

interface World {
  readonly m: Memory;
  readonly types: readonly number[];
}

function boot(greentea: boolean): World {
  const m = new Memory({ windowBytes: 64 << 20 });
  schedinit(m, { greentea });
  return { m, types: types.map((t) => writeDescriptor(m, t)) };
}

/** Carries the steps out and gives the offsets; at last, the digest of all memory. */
function run(w: World, malloc: Build, steps: readonly Step[]): { offsets: number[]; digest: string } {
  const offsets: number[] = [];
  let young: number[] = [];
  for (const step of steps) {
    if ("keep" in step) {
      sweepKeeping(
        w.m,
        young.filter((_, i) => i % step.keep === 0),
      );
      young = [];
      continue;
    }
    const typ = step.type === 0 ? 0 : w.types[step.type - 1];
    const size = step.type === 0 ? step.size : sizes[step.type - 1] * Math.max(1, step.size % 3);
    const off = malloc(w.m, size, typ, step.type !== 0 || step.size % 5 !== 0);
    offsets.push(off);
    if (size > 0) {
      young.push(off);
      if (step.type === 0) w.m.u8[off] = 0xa5; // old bytes for whoever comes after
    }
  }
  return { offsets, digest: createHash("sha256").update(w.m.u8).digest("hex") };
}

function sweepKeeping(m: Memory, live: readonly number[]): void {
  gcBeginCycle(m);
  for (const off of live) markObject(m, off);
  gcEndMarking(m);
  sweepAll(m);
}

const size = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 17 }) },
  { weight: 3, arbitrary: fc.integer({ min: 16, max: 1100 }) },
  { weight: 1, arbitrary: fc.integer({ min: 1024, max: 70_000 }) },
);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 60, arbitrary: fc.record({ size, type: fc.integer({ min: 0, max: types.length }) }) },
  { weight: 1, arbitrary: fc.record({ keep: fc.integer({ min: 1, max: 5 }) }) },
);

describe("the flat build of mallocgc", () => {
  test.each([true, false])("leaves the bytes that the readable source leaves (Green Tea: %s)", (greentea) => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 50, maxLength: 400, size: "max" }), (steps) => {
        expect(run(boot(greentea), flat, steps)).toEqual(run(boot(greentea), readable.mallocgc, steps));
      }),
      { numRuns: 6 },
    );
  });

  test("fills and refills spans as the readable source does", () => {
    const kinds = types.map((_, i) => ({ size: 1, type: i + 1 }));
    const noscan = [1, 2, 4, 8, 12, 16, 24, 48, 64, 100, 1024, 9000].map((size) => ({ size, type: 0 }));
    const round = Array.from({ length: 300 }, () => [...kinds, ...noscan]).flat();
    const steps: Step[] = [...round, { keep: 3 }, ...round, { keep: 100_000 }, ...round];
    expect(run(boot(true), flat, steps)).toEqual(run(boot(true), readable.mallocgc, steps));
  });

  test("makes objects black while a collection marks", () => {
    const whileMarking = (malloc: Build) => {
      const w = boot(true);
      gcBeginCycle(w.m);
      w.m.i32[writeBarrier(w.m) >> 2] = 1;
      return run(w, malloc, [
        { size: 8, type: 0 },
        { size: 40, type: 0 },
        { size: 1, type: 2 },
        { size: 1, type: 8 },
      ]);
    };
    expect(whileMarking(flat)).toEqual(whileMarking(readable.mallocgc));
  });

  test("tells a listener every event", () => {
    const events = (malloc: Build) => {
      const w = boot(true);
      const list: number[][] = [];
      w.m.trace = { event: (...numbers) => list.push(numbers) };
      for (const size of [0, 5, 5, 16, 600, 40_000]) malloc(w.m, size, 0, true);
      malloc(w.m, 8, w.types[0], true);
      return list;
    };
    expect(events(flat)).toEqual(events(readable.mallocgc));
    expect(events(flat).length).toBeGreaterThan(20);
  });

  test("stops a program as the readable source does", () => {
    const w = boot(true);
    expect(() => flat(w.m, 8, w.types[0], false)).toThrow("objects with pointers must be zeroed");
  });

  test("has no field accessor called in it", async () => {
    const text = await flatten();
    const hot = text.slice(text.indexOf("function mallocgc$flat"));
    expect(hot).not.toMatch(/\b(mspan|mcache|abi)\.\w+\(/);
    expect(hot).toContain("function mallocgcSmallNoscan$flat");
  });

  test("is the same text each time", async () => {
    expect(await flatten()).toBe(await flatten());
  });

  test("changes with the source: a fault in a function that it takes in is in it", async () => {
    const faulty = await flatten((path) => {
      const source = readSource(path);
      return path === "engine/memory/u64.ts" ? source.replace("63 - Math.clz32", "62 - Math.clz32") : source;
    });
    expect(faulty).toContain("62 - Math.clz32");
    expect(await flatten()).not.toContain("62 - Math.clz32");
  });
});
