/** The flat build does what the readable one does: same addresses, same bytes of memory. */
import { createHash } from "node:crypto";
import { pathToFileURL } from "node:url";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { bundle } from "../../scripts/flatten/build.ts";
import { flatten } from "../../scripts/flatten/flatten.ts";
import { computed, literal } from "../../scripts/flatten/fold.ts";
import { HOT } from "../../scripts/flatten/hot.ts";
import { readSource } from "../../scripts/flatten/modules.ts";
import type * as Engine from "./flatten/engine.ts";

type Build = typeof Engine;
type Memory = Engine.Memory;
/** Request of a size with a type (0: no pointers), or a sweep that keeps every k-th object. */
type Step = { readonly size: number; readonly type: number } | { readonly keep: number };

let flat: Build;
let readable: Build;
beforeAll(async () => {
  const load = async (isFlat: boolean) =>
    import(/* @vite-ignore */ pathToFileURL(await bundle("tests/engine/flatten/engine.ts", isFlat)).href);
  [flat, readable] = await Promise.all([load(true), load(false)]);
}, 60_000);

/** Pointers first, last and throughout; sizes on both sides of 512 and of a bitmap word. */
function typesOf({ array, pointer, struct, uint8, uint64 }: Build) {
  const words = (n: number) => (n === 0 ? {} : { rest: array(n, uint64) });
  return [
    pointer(uint8),
    struct({ p: pointer(uint8), ...words(1) }),
    struct({ p: pointer(uint8), ...words(7) }),
    struct({ n: array(4, uint64), p: pointer(uint8) }),
    array(33, pointer(uint8)),
    struct({ p: pointer(uint8), ...words(63) }),
    struct({ p: pointer(uint8), ...words(64) }),
    array(127, pointer(uint8)),
    array(5000, pointer(uint8)),
  ];
}
const typeCount = 9;

interface World {
  readonly engine: Build;
  readonly m: Memory;
  readonly types: readonly { readonly typ: number; readonly size: number }[];
}

/** A base whose low half is not 0: addresses carry into the high half within the window. */
const oddBase = 0xc0fc000000;

function boot(engine: Build, { greentea = true, heapBase = 0xc000000000 } = {}): World {
  const m = new engine.Memory({ windowBytes: heapBase === oddBase ? 128 << 20 : 64 << 20, heapBase });
  engine.schedinit(m, { greentea });
  return { engine, m, types: typesOf(engine).map((t) => ({ typ: engine.writeDescriptor(m, t), size: t.size })) };
}

/** Carries the steps out and gives the offsets; at last, the digest of all memory. */
function run(w: World, steps: readonly Step[]): { offsets: number[]; digest: string } {
  const offsets: number[] = [];
  let young: number[] = [];
  for (const step of steps) {
    if ("keep" in step) {
      sweepKeeping(
        w,
        young.filter((_, i) => i % step.keep === 0),
      );
      young = [];
      continue;
    }
    const { typ, size: own } = step.type === 0 ? { typ: 0, size: 0 } : w.types[step.type - 1];
    const size = step.type === 0 ? step.size : own * Math.max(1, step.size % 3);
    const off = w.engine.mallocgc(w.m, size, typ, step.type !== 0 || step.size % 5 !== 0);
    offsets.push(off);
    if (size > 0) {
      young.push(off);
      if (step.type === 0) w.m.u8[off] = 0xa5; // old bytes for whoever comes after
    }
  }
  return { offsets, digest: digest(w.m) };
}

function digest(m: Memory): string {
  return createHash("sha256").update(m.u8).digest("hex");
}

function sweepKeeping({ engine, m }: World, live: readonly number[]): void {
  engine.gcBeginCycle(m);
  for (const off of live) engine.markObject(m, off);
  engine.gcEndMarking(m);
  engine.sweepAll(m);
}

const size = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 17 }) },
  { weight: 3, arbitrary: fc.integer({ min: 16, max: 1100 }) },
  { weight: 1, arbitrary: fc.integer({ min: 1024, max: 70_000 }) },
);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 60, arbitrary: fc.record({ size, type: fc.integer({ min: 0, max: typeCount }) }) },
  { weight: 1, arbitrary: fc.record({ keep: fc.integer({ min: 1, max: 5 }) }) },
);

describe("the flat build of mallocgc", () => {
  test.each([
    ["Green Tea", { greentea: true }],
    ["without Green Tea", { greentea: false }],
    ["a base with low bits", { heapBase: oddBase }],
  ])("leaves the bytes that the readable source leaves: %s", (_, options) => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 50, maxLength: 400, size: "max" }), (steps) => {
        expect(run(boot(flat, options), steps)).toEqual(run(boot(readable, options), steps));
      }),
      { numRuns: 4 },
    );
  });

  test("fills and refills spans as the readable source does", () => {
    const kinds = Array.from({ length: typeCount - 1 }, (_, i) => ({ size: 1, type: i + 1 }));
    const noscan = [1, 2, 4, 8, 12, 16, 24, 48, 64, 100, 1024, 9000].map((size) => ({ size, type: 0 }));
    const round = Array.from({ length: 300 }, () => [...kinds, ...noscan]).flat();
    const large = [32_769, 70_000, 1 << 20].map((size) => ({ size, type: 0 }));
    const steps: Step[] = [...round, { keep: 3 }, ...round, ...large, { keep: 100_000 }, ...round, ...large];
    expect(run(boot(flat), steps)).toEqual(run(boot(readable), steps));
  });

  test("samples the objects that the readable source samples", () => {
    const sampled = (engine: Build) => {
      const w = boot(engine);
      engine.setMemProfileRate(w.m, 2000);
      return run(
        w,
        Array.from({ length: 500 }, (_, i) => ({ size: 8 + ((i * 37) % 700), type: i % 4 })),
      );
    };
    expect(sampled(flat)).toEqual(sampled(readable));
  });

  test("makes objects black while a collection marks", () => {
    const whileMarking = (engine: Build) => {
      const w = boot(engine);
      engine.gcBeginCycle(w.m);
      w.m.i32[engine.writeBarrier(w.m) >> 2] = 1;
      return run(w, [
        { size: 8, type: 0 },
        { size: 40, type: 0 },
        { size: 1, type: 2 },
        { size: 1, type: 8 },
      ]);
    };
    expect(whileMarking(flat)).toEqual(whileMarking(readable));
  });

  test("tells a listener every event, and every lock", () => {
    const events = (engine: Build) => {
      const { m, types } = boot(engine);
      const list: number[][] = [];
      m.trace = { event: (...numbers) => list.push(numbers) };
      m.lockLog = [];
      for (const size of [0, 5, 5, 16, 600, 40_000]) engine.mallocgc(m, size, 0, true);
      engine.mallocgc(m, 8, types[0].typ, true);
      m.trace = null;
      engine.mallocgc(m, 4096, 0, true);
      return { list, locks: m.lockLog };
    };
    expect(events(flat)).toEqual(events(readable));
    expect(events(flat).list.length).toBeGreaterThan(20);
    expect(events(flat).locks.length).toBeGreaterThan(5);
  });

  test("stops a program as the readable source does", () => {
    const w = boot(flat);
    expect(() => flat.mallocgc(w.m, 8, w.types[0].typ, false)).toThrow("objects with pointers must be zeroed");
  });
});

test("the flat page allocator leaves the bytes that the readable one leaves", () => {
  const request = fc.record({ npages: fc.integer({ min: 1, max: 1300 }), free: fc.nat(10) });
  const pages = (engine: Build, requests: readonly { npages: number; free: number }[]) => {
    const { m } = boot(engine);
    const p = engine.pages(engine.mheap_(m));
    engine.freeSpan(m, engine.mheapAlloc(m, 7000, 1));
    const held: { off: number; npages: number }[] = [];
    const found = requests.map(({ npages, free }) => {
      if (free < 4 && held.length > 0) {
        const [{ off, npages }] = held.splice((free * 7) % held.length, 1);
        engine.pageAllocFree(m, p, off, npages);
        return [off];
      }
      const off = engine.pageAllocAlloc(m, p, free % 2 === 0 ? npages : 1 + (npages % 9));
      if (off >= 0) held.push({ off, npages: free % 2 === 0 ? npages : 1 + (npages % 9) });
      return [off, m.ret[0]];
    });
    return { found, digest: digest(m) };
  };
  fc.assert(
    fc.property(fc.array(request, { minLength: 30, maxLength: 120, size: "max" }), (requests) => {
      expect(pages(flat, requests)).toEqual(pages(readable, requests));
    }),
    { numRuns: 6 },
  );
});

test("law: folded arithmetic is JavaScript's", () => {
  const number = fc.oneof(fc.integer(), fc.integer({ min: -64, max: 64 }));
  const operator = fc.constantFrom("+", "-", "*", "<<", ">>", ">>>", "&", "|", "^", "<", "<=", ">", ">=", "===", "!==");
  fc.assert(
    fc.property(number, operator, number, operator, fc.nat(4096), (a, first, b, second, c) => {
      const known = computed(computed(literal(a), first, literal(b)), second, String(c));
      const wanted = (a: number) => new Function("a", "b", "c", `return (a ${first} b) ${second} c`)(a, b, c);
      // biome-ignore lint/security/noGlobalEval: the text is this test's own
      expect(eval(known)).toEqual(wanted(a));
      const open = computed(computed("a", first, literal(b)), second, String(c));
      expect(new Function("a", `return ${open}`)(a)).toEqual(wanted(a));
    }),
  );
  expect(computed("(p + 8)", "+", "4")).toBe("(p + 12)");
  expect(computed("((p >>> 2) + 3)", "+", "1")).toBe("((p >>> 2) + 4)");
});

describe("the flat text", () => {
  test("has no field accessor called in it", async () => {
    const flat = await flatten();
    for (const [path, { doors, inner }] of HOT) {
      const hot = flat.get(path)!.match(/^export function \S+\$flat[\s\S]*?^}$/gm)!;
      expect(hot.length).toBe(doors.length + inner.length);
      expect(hot.join("\n")).not.toMatch(/\b(mspan|mcache|mheap|abi|pageAlloc|spanset|gcbits)\.\w+\(m\b/);
    }
  });

  test("is the same each time", async () => {
    expect(await flatten()).toEqual(await flatten());
  });

  test("changes with the source: a fault in a function that it takes in is in it", async () => {
    const malloc = "engine/runtime/malloc.ts";
    const faulty = await flatten((path) => {
      const source = readSource(path);
      return path === "engine/memory/u64.ts" ? source.replace("63 - Math.clz32", "62 - Math.clz32") : source;
    });
    expect(faulty.get(malloc)).toContain("62 - Math.clz32");
    expect((await flatten()).get(malloc)).not.toContain("62 - Math.clz32");
  });
});
