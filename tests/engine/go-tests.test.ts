/**
 * Go's own tests of the allocator, by idea and under their names: those that stand nowhere else. go-tests.json says of
 * each of Go's tests where it is, or what it waits for, and is checked here.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkInvariants } from "../../engine/check/invariants.ts";
import { osAlloc } from "../../engine/memory/os.ts";
import { mheap_ } from "../../engine/records/globals.ts";
import * as scav from "../../engine/records/mgcscavenge.ts";
import * as mheap from "../../engine/records/mheap.ts";
import * as mranges from "../../engine/records/mranges.ts";
import * as mspan from "../../engine/records/mspan.ts";
import { objIndex } from "../../engine/runtime/mbitmap.ts";
import { piNext } from "../../engine/runtime/mgcscavenge_pace.ts";
import { addRange, addrRangesInit, findSucc, rangesContain } from "../../engine/runtime/mranges.ts";
import { readMetrics } from "../../engine/runtime/mstats.ts";
import { concatstrings } from "../../engine/runtime/string.ts";
import { Ev } from "../../engine/runtime/trace.ts";
import { bareMemory } from "../oracle/adapters/pages.ts";
import { boot, events, noscan, scan, span, sweep, type World } from "./object-heap.ts";

const root = resolve(import.meta.dirname, "../..");

describe("tiny objects", () => {
  test("TestTinyAlloc: of sixteen single bytes some lie within the same eight", () => {
    const w = boot();
    const eights = new Set(Array.from({ length: 16 }, () => noscan(w, 1) & ~7));
    expect(eights.size).toBe(2); // here all of them: a block holds sixteen
  });

  test("TestTinyAllocIssue37262: twelve bytes behind four begin at a multiple of four, eight at one of eight", () => {
    const w = boot();
    let last = -1;
    while ((last & 15) !== 15) last = noscan(w, 1); // up to the end of a block
    const four = noscan(w, 4);
    const twelve = noscan(w, 12);
    expect([four & 15, twelve - four]).toEqual([0, 4]); // on 64 bits it joins; only on 32 bits must it not
    const one = noscan(w, 1);
    expect([one & 15, noscan(w, 8) - one]).toEqual([0, 8]);
  });
});

describe("strings", () => {
  test("TestStringConcatenationAllocs: two parts, one object, of their length", () => {
    const w = boot();
    const [foo, digits] = [noscan(w, 16), noscan(w, 16)];
    w.m.u8.set(new TextEncoder().encode("foo"), foo);
    w.m.u8.set(new TextEncoder().encode("0123456789"), digits);
    let s = { off: -1, len: 0 };
    const log = events(w, () => {
      s = concatstrings(w.m, -1, [
        { off: foo, len: 3 },
        { off: digits, len: 10 },
      ]);
    });
    expect(log.filter(([kind]) => kind === Ev.mallocgc).map(([, size]) => size)).toEqual([13]);
    expect(new TextDecoder().decode(w.m.u8.slice(s.off, s.off + s.len))).toBe("foo0123456789");
  });
});

describe("address ranges", () => {
  type Range = readonly [base: number, limit: number];

  function ranges(...list: Range[]) {
    const { m } = boot();
    const a = osAlloc(m, mranges.layout.size);
    addrRangesInit(m, a, osAlloc(m, 8));
    const add = ([base, limit]: Range) => addRange(m, a, base, limit);
    for (const r of list) add(r);
    const all = () =>
      Array.from({ length: mranges.rangesLen(m, a) }, (_, i): Range => {
        const r = mranges.at(m, a, i);
        return [mranges.base(m, r), mranges.limit(m, r)];
      });
    return { m, a, add, all };
  }

  test("TestAddrRangesAdd: neighbours join, below, above and both; the array grows", () => {
    const { m, a, add, all } = ranges();
    const steps: [Range, Range[]][] = [
      [[512, 1024], [[512, 1024]]],
      [[1024, 2048], [[512, 2048]]],
      [
        [4096, 8192],
        [
          [512, 2048],
          [4096, 8192],
        ],
      ],
      [
        [3776, 4096],
        [
          [512, 2048],
          [3776, 8192],
        ],
      ],
      [[2048, 3776], [[512, 8192]]],
    ];
    for (const [range, want] of steps) {
      add(range);
      expect(all()).toEqual(want);
    }
    const above = Array.from({ length: 64 }, (_, i): Range => [8192 + (i + 1) * 2048, 8202 + (i + 1) * 2048]);
    const below = Array.from({ length: 63 }, (_, i): Range => [8 + i * 8, 12 + i * 8]);
    for (const r of above) add(r);
    for (const [i, r] of below.entries()) {
      add(r);
      expect(all()).toEqual([...below.slice(0, i + 1), [512, 8192], ...above]);
    }
    expect(mranges.rangesCap(m, a)).toBeGreaterThanOrEqual(128);
    expect(mranges.totalBytes(m, a)).toBe(all().reduce((n, [base, limit]) => n + limit - base, 0));
  });

  test("TestAddrRangesAdd, law: any order of disjoint pieces gives their union", () => {
    const pieces = fc.uniqueArray(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(pieces, (order) => {
        const { m, a, add, all } = ranges();
        for (const i of order) add([i * 10, (i + 1) * 10]);
        for (let i = 0; i < 61; i++) expect(rangesContain(m, a, i * 10 + 5)).toBe(order.includes(i));
        for (const [i, [base]] of all().entries()) if (i > 0) expect(base).toBeGreaterThan(all()[i - 1][1]);
      }),
      { numRuns: 60 },
    );
  });

  const three: Range[] = [
    [6, 10],
    [12, 16],
    [19, 22],
  ];
  const large = Array.from({ length: 100 }, (_, i): Range => [5 + i * 5, 8 + i * 5]);
  const highest = 2 ** 47 - 1;
  test.each<[string, number, number, Range[]]>([
    ["none", 12, 0, []],
    ["below one", 12, 0, [[14, 16]]],
    ["at the beginning of one", 14, 1, [[14, 16]]],
    ["at the limit of one", 16, 1, [[14, 16]]],
    ["above one", 17, 1, [[14, 16]]],
    ["below three", 3, 0, three],
    ["above three", 24, 3, three],
    ["between three", 11, 1, three],
    ["within three", 9, 1, three],
    ["address 0", 0, 1, [[0, 10]]],
    ["the highest address", highest, 1, [[highest - 5, highest]]],
    ["below a hundred", 2, 0, large],
    ["above a hundred", 535, 100, large],
    ["between a hundred, low", 14, 2, large],
    ["between a hundred, high", 249, 49, large],
    ["within a hundred, low", 25, 5, large],
    ["within a hundred, high", 396, 79, large],
    ["within a hundred, in the middle", 250, 50, large],
  ])("TestAddrRangesFindSucc: %s", (_name, addr, want, list) => {
    const { m, a } = ranges(...list);
    expect(findSucc(m, a, addr)).toBe(want);
  });
});

describe("the controller", () => {
  const positive = fc.double({ min: Number.MIN_VALUE, max: Number.MAX_VALUE, noNaN: true });
  const any = fc.double({ noNaN: false });
  const finite = fc.double({ noNaN: true, noDefaultInfinity: true });

  test("FuzzPIController: whatever it is fed, out comes a number within its bounds", () => {
    const m = bareMemory();
    fc.assert(
      fc.property(
        positive,
        positive,
        positive,
        finite,
        finite,
        finite,
        fc.array(any, { maxLength: 100 }),
        (...args) => {
          const [kp, ti, tt, a, b, setpoint, inputs] = args;
          const [min, max] = a < b ? [a, b] : [b, a];
          const c = osAlloc(m, scav.piLayout.size);
          for (const [set, v] of [
            [scav.setKp, kp],
            [scav.setTi, ti],
            [scav.setTt, tt],
            [scav.setOutMin, min],
            [scav.setOutMax, max],
          ] as const) {
            set(m, c, v);
          }
          for (const input of inputs) {
            const out = piNext(m, c, input, setpoint, 1);
            expect(Number.isFinite(out)).toBe(true);
            expect(out >= min && out <= max).toBe(true);
          }
        },
      ),
      {
        numRuns: 400,
        examples: [
          [0.3375, 3.2e6, 1e9, 0.001, 1000, 0.01, []],
          [0.9, 4, 1000, -1000, 1000, 0.84, []],
        ],
      },
    );
  });
});

describe("figures", () => {
  function counted(w: World): number {
    const h = mheap_(w.m);
    let pages = 0;
    for (let i = 0; i < mheap.allspansLen(w.m, h); i++) {
      const s: mspan.MSpan = w.m.i32[((mheap.allspans(w.m, h) as number) >> 2) + 2 * i];
      if (mspan.state(w.m, s) === mspan.mSpanInUse) pages += mspan.npages(w.m, s);
    }
    return pages;
  }

  test("TestPageAccounting: 64 MiB in pieces of 64 KiB, and pagesInUse is what a count of the spans gives", () => {
    const w = boot({ check: "none", windowBytes: 192 * 2 ** 20 });
    const blocks = Array.from({ length: 1024 }, () => noscan(w, 64 << 10));
    const pagesInUse = () => mheap.pagesInUse(w.m, mheap_(w.m));
    expect([pagesInUse(), counted(w)]).toEqual([8192, 8192]);
    sweep(
      w,
      blocks.filter((_, i) => i % 3 === 0),
    );
    expect([pagesInUse(), counted(w)]).toEqual([8 * 342, 8 * 342]);
    checkInvariants(w.m);
  });

  test("TestMetricHeapUnusedLargeObjectOverflow: large objects come and go, and unused bytes never wrap", () => {
    const w = boot({ windowBytes: 128 * 2 ** 20 });
    for (let round = 0; round < 30; round++) {
      for (let i = 0; i < 10; i++) {
        noscan(w, 1 << 20);
        const unused = readMetrics(w.m)["/memory/classes/heap/unused:bytes"];
        expect(unused).toBeGreaterThanOrEqual(0);
        expect(unused).toBeLessThan(2 ** 40);
      }
      sweep(w, []);
      expect(readMetrics(w.m)["/memory/classes/heap/unused:bytes"]).toBeGreaterThanOrEqual(0);
    }
  });
});

describe("a marked object that is free", () => {
  test("TestGcZombieReporting: the sweep that meets it dies, and says so", () => {
    const w = boot();
    const objects = Array.from({ length: 8 }, () => scan(w, 64));
    sweep(w, objects.slice(0, 4));
    const s = span(w, objects[0]);
    const dead = objIndex(w.m, s, objects[7]);
    w.m.u8[mspan.gcmarkBits(w.m, s) + (dead >> 3)] |= 1 << (dead & 7);
    expect(() => sweep(w, objects.slice(0, 4))).toThrow("found pointer to free object");
  });
});

interface GoTest {
  /** Go's name, or several that belong together. */
  readonly go: string;
  /** The file whose titles carry the name. */
  readonly file?: string;
  /** The issue, or "Go cells", or "not taught". */
  readonly waits?: number | string;
  readonly why?: string;
}

describe("go-tests.json", () => {
  const list = JSON.parse(readFileSync(join(import.meta.dirname, "go-tests.json"), "utf8")) as GoTest[];
  const names = list.flatMap(({ go }) => go.split(" "));

  test("names each of Go's tests once, with a file here or with what it waits for", () => {
    expect(new Set(names).size).toBe(names.length);
    for (const { go, file, waits, why } of list) {
      expect((file === undefined) !== (waits === undefined), go).toBe(true);
      if (waits !== undefined) expect(why, go).toMatch(/^[A-Z].{20,}\.$/);
    }
  });

  test.each(list.filter(({ file }) => file !== undefined))("$go stands in $file", ({ go, file }) => {
    const source = readFileSync(join(root, file as string), "utf8");
    const titles = source.match(/(?:test|describe|\))\(\s*["'`][^\n]*/g)?.join("\n") ?? "";
    for (const name of go.split(" ")) expect(titles, name).toMatch(new RegExp(`\\b${name}\\b`));
  });

  test("no title names a test of Go's that is not listed", () => {
    const files = execFileSync("git", ["ls-files", "tests/engine", "tests/oracle", "tests/schedules"], {
      cwd: root,
      encoding: "utf8",
    });
    for (const file of files.split("\n").filter((name) => name.endsWith(".test.ts") && existsSync(join(root, name)))) {
      const source = readFileSync(join(root, file), "utf8");
      for (const [, name] of source.matchAll(/["'`\] ,]((?:Test|Fuzz)[A-Z]\w+)[:, "]/g)) {
        expect(names, `${name} of ${file}`).toContain(name);
      }
    }
  });

  const goroot = process.env.GOROOT ?? "/usr/local/go";
  const isThere = existsSync(join(goroot, "src/runtime/malloc_test.go"));
  test.skipIf(!isThere)("each is a test of the Go that is here", () => {
    const src = join(goroot, "src");
    const found = execFileSync(
      "grep",
      ["-rhoE", "^func ((Test|Fuzz)[A-Za-z0-9]+)", join(src, "runtime"), join(src, "internal/runtime")],
      {
        encoding: "utf8",
        maxBuffer: 2 ** 26,
      },
    );
    const there = new Set(found.split("\n").map((line) => line.replace("func ", "")));
    for (const name of names) expect(there.has(name), name).toBe(true);
  });
});
