import { readFileSync } from "node:fs";
import fc from "fast-check";
import { diffSnapshots, type HeapSnapshot, hashMemory, type SpanSnapshot } from "goheap/observe";
import { describe, expect, test } from "vitest";
import { array, boot, int64, type Process, pointer, type Ref, struct, uint8 } from "../../engine/index.ts";
import { Memory } from "../../engine/memory/memory.ts";

const Node = struct("Node", { next: pointer("Node"), value: int64 });
const WINDOW = 64 * 1024 * 1024;
const make = (procs = 1) => boot({ procs, windowBytes: WINDOW });

function bit(hex: string, i: number): number {
  return (Number.parseInt(hex.slice((i >> 3) * 2, (i >> 3) * 2 + 2), 16) >> (i & 7)) & 1;
}

/** Slots that a span's record calls allocated. */
function allocated(s: SpanSnapshot): number[] {
  return Array.from({ length: s.nelems }, (_, i) => i).filter((i) => i < s.freeindex || bit(s.allocBits, i));
}

function spanOf(snapshot: HeapSnapshot, address: string): SpanSnapshot | undefined {
  const at = Number(address);
  return snapshot.spans.find((s) => at >= Number(s.base) && at < Number(s.base) + s.npages * 8192);
}

/** One thing that a program can do. */
const step = fc.oneof(
  fc.record({ kind: fc.constant("new" as const), size: fc.integer({ min: 0, max: 40000 }), p: fc.nat(1) }),
  fc.record({ kind: fc.constant("tiny" as const), size: fc.integer({ min: 1, max: 15 }), p: fc.nat(1) }),
  fc.record({ kind: fc.constant("node" as const), size: fc.integer({ min: 1, max: 60 }), p: fc.nat(1) }),
  fc.record({ kind: fc.constant("sweep" as const), size: fc.integer({ min: 1, max: 5 }), p: fc.nat(1) }),
);

/** Runs steps; keeps the objects that live. */
function run(
  go: Process,
  steps: readonly { kind: "new" | "tiny" | "node" | "sweep"; size: number; p: number }[],
): Ref[] {
  let live: Ref[] = [];
  for (const s of steps) {
    const on = go.on(s.p);
    if (s.kind === "new") live.push(on.malloc(s.size));
    else if (s.kind === "tiny") live.push(on.malloc(s.size));
    else if (s.kind === "node") for (let i = 0; i < s.size; i++) live.push(on.new(Node));
    else {
      live = live.filter((_, i) => i % s.size === 0);
      go.sweep({ live });
    }
  }
  return live;
}

describe("takeSnapshot", () => {
  test("reads a span's fields under Go's names, as the process itself gives them", () => {
    const go = make();
    const refs = Array.from({ length: 100 }, () => go.new(Node));
    const s = spanOf(go.snapshot(), refs[0].address);
    const fields = go.span(refs[0]) as unknown as Record<string, unknown>;
    expect(s).toMatchObject({ page: 0, spanclass: 4, nelems: 496, freeindex: 100, allocCount: 100, cachedBy: 0 });
    for (const name of [
      "npages",
      "freeindex",
      "nelems",
      "allocCount",
      "elemsize",
      "needzero",
      "sweepgen",
      "allocCache",
    ]) {
      expect((s as unknown as Record<string, unknown>)[name], name).toEqual(fields[name]);
    }
  });

  test("says what a span's end holds: pointer bitmap and mark bits", () => {
    const go = make();
    const at = (ref: Ref) => spanOf(go.snapshot(), ref.address)?.reserved;
    expect(at(go.new(Node))).toEqual({ heapBits: 128, inlineMarks: 128 });
    expect(at(go.malloc(16))).toEqual({ heapBits: 0, inlineMarks: 128 });
    expect(at(go.new(array(1, pointer(int64))))).toEqual({ heapBits: 128, inlineMarks: 0 });
    expect(at(go.malloc(600))).toEqual({ heapBits: 0, inlineMarks: 0 });
    expect(at(go.malloc(40000))).toEqual({ heapBits: 0, inlineMarks: 0 });
  });

  test("knows the current tiny block of each P: its span, its slot, its first free byte", () => {
    const go = make(2);
    go.malloc(16); // slot 0 of the class that tiny blocks share
    const a = go.new(uint8);
    go.new(uint8);
    const [p0, p1] = go.snapshot().procs;
    expect(p0.tiny).toEqual({
      base: a.address,
      span: spanOf(go.snapshot(), a.address)?.id,
      slot: 1,
      offset: 2,
      allocs: 1,
    });
    expect(p1.tiny).toEqual({ base: null, span: null, slot: null, offset: 0, allocs: 0 });
  });

  test("finds spans in the mcentral queues, in their present roles", () => {
    const go = make();
    const live = Array.from({ length: 600 }, () => go.new(Node)).filter((_, i) => i % 7 === 0);
    expect(go.snapshot().spans.map((s) => s.sets)).toEqual(["fullSwept", null]);
    go.startSweep({ live });
    expect(go.snapshot().spans.map((s) => s.sets)).toContain("fullUnswept");
    while (go.sweepone() >= 0);
    expect(go.snapshot().spans.map((s) => s.sets)).toEqual(["partialSwept", "partialSwept"]);
  });

  test("bits past the last slot read as 0", () => {
    const go = make();
    for (const s of [go.malloc(600), go.malloc(40000)].map((r) => spanOf(go.snapshot(), r.address)!)) {
      expect(s.allocBits).toHaveLength(2 * Math.ceil(s.nelems / 8));
      for (let i = s.nelems; i < 4 * s.allocBits.length; i++) expect(bit(s.allocBits, i)).toBe(0);
    }
  });

  test("covers the pages that were asked for, and tells mapped from unmapped", () => {
    const go = make();
    go.new(Node);
    const whole = go.snapshot();
    expect(whole.pages).toMatchObject({ first: 0, count: 512 });
    const part = go.snapshot({ firstPage: 56, pages: 16 });
    for (let i = 0; i < 16; i++) {
      expect(bit(part.pages.inUse, i)).toBe(bit(whole.pages.inUse, 56 + i));
      expect(bit(part.pages.scavenged, i)).toBe(bit(whole.pages.scavenged, 56 + i));
    }
    const beyond = go.snapshot({ firstPage: 8000, pages: 8 });
    expect(beyond.pages).toMatchObject({ inUse: "00", scavenged: "00" });
  });

  test("is plain data: JSON keeps it, and nothing of the heap can be reached through it", () => {
    const go = make();
    const before = go.snapshot();
    const kept = JSON.stringify(before);
    expect(JSON.parse(kept)).toEqual(before);
    go.new(Node);
    expect(JSON.stringify(before)).toBe(kept);
  });

  test("law: [INV-M08] spans tile pages that are in use, and a count is the number of its slots", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        const go = make(2);
        const live = run(go, steps);
        const hash = go.hash();
        const snapshot = go.snapshot();
        expect(go.hash(), "a snapshot changes nothing").toBe(hash);
        let end = 0;
        let pages = 0;
        for (const s of snapshot.spans) {
          expect(s.page).toBeGreaterThanOrEqual(end);
          end = s.page + s.npages;
          pages += s.npages;
          for (let p = s.page; p < end; p++) expect(bit(snapshot.pages.inUse, p), `page ${p}`).toBe(1);
          expect(allocated(s), `span ${s.base}`).toHaveLength(s.allocCount);
        }
        // What else is in use lies in the page caches.
        const inUse = Array.from({ length: snapshot.pages.count }, (_, i) => bit(snapshot.pages.inUse, i)).filter(
          Boolean,
        );
        const cached = snapshot.procs.reduce(
          (n, p) => n + (BigInt(p.pcache.cache).toString(2).match(/1/g) ?? []).length,
          0,
        );
        expect(inUse).toHaveLength(pages + cached);
        for (const p of snapshot.procs) {
          for (const { spanclass, span } of p.alloc) {
            const s = snapshot.spans.find((x) => x.id === span);
            expect(s).toMatchObject({ spanclass, cachedBy: p.id });
          }
        }
        for (const ref of live) {
          const at = go.where(ref);
          if (at.path === "zero") continue;
          const s = spanOf(snapshot, ref.address);
          expect(s?.base).toBe(at.span);
          expect(allocated(s!)).toContain(at.slot);
        }
      }),
      { numRuns: 40 },
    );
  });

  test("law: what survives a sweep is what the cell called live", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 700 }), fc.integer({ min: 2, max: 9 }), (n, keep) => {
        const go = make();
        const live = Array.from({ length: n }, () => go.new(Node)).filter((_, i) => i % keep === 0);
        const slots = live.map((r) => go.where(r)).map((w) => `${w.span} ${w.slot}`);
        go.sweep({ live });
        const kept = go.snapshot().spans.flatMap((s) =>
          Array.from({ length: s.nelems }, (_, i) => i)
            .filter((i) => bit(s.allocBits, i))
            .map((i) => `${s.base} ${i}`),
        );
        expect(kept).toEqual(slots);
      }),
      { numRuns: 20 },
    );
  });
});

describe("diffSnapshots", () => {
  test("a snapshot against itself has no differences", () => {
    const go = make();
    go.new(Node);
    expect(diffSnapshots(go.snapshot(), go.snapshot())).toEqual([]);
  });

  test("one more object of a cached class moves the cursor, and nothing else", () => {
    const go = make();
    go.new(Node);
    const before = go.snapshot();
    go.new(Node);
    const base = before.spans[0].base;
    expect(diffSnapshots(before, go.snapshot())).toEqual([
      { path: `spans[${base}].freeindex`, before: 1, after: 2 },
      { path: `spans[${base}].allocCount`, before: 1, after: 2 },
      { path: `spans[${base}].allocCache`, before: "0x7fffffffffffffff", after: "0x3fffffffffffffff" },
    ]);
  });

  test("a new span, and the pages and counters that it moves", () => {
    const go = make();
    go.new(Node);
    const before = go.snapshot();
    const ref = go.malloc(40000);
    const paths = diffSnapshots(before, go.snapshot()).map((d) => d.path);
    expect(paths).toContain(`spans[${go.where(ref).span}]`);
    expect(paths).toContain("stats.heapLive");
  });

  test("law: a flipped bit of a bitmap is one difference, named by its number", () => {
    const go = make();
    for (let i = 0; i < 200; i++) go.new(Node);
    const before = go.snapshot();
    fc.assert(
      fc.property(fc.nat(495), fc.constantFrom("allocBits", "gcmarkBits"), (i, name) => {
        const after = structuredClone(before);
        const s = after.spans[0];
        const at = (i >> 3) * 2;
        const byte = Number.parseInt(s[name].slice(at, at + 2), 16) ^ (1 << (i & 7));
        s[name] = s[name].slice(0, at) + byte.toString(16).padStart(2, "0") + s[name].slice(at + 2);
        expect(diffSnapshots(before, after)).toEqual([{ path: `spans[${s.base}].${name}[${i}]`, before: 0, after: 1 }]);
      }),
    );
  });
});

describe("hashMemory", () => {
  test("equal programs give equal bytes, another object gives others", () => {
    const steps = [
      { kind: "node" as const, size: 40, p: 0 },
      { kind: "tiny" as const, size: 3, p: 1 },
      { kind: "sweep" as const, size: 2, p: 0 },
      { kind: "new" as const, size: 777, p: 1 },
    ];
    const hashes = [steps, steps, [...steps, steps[1]]].map((program) => {
      const go = make(2);
      run(go, program);
      return go.hash();
    });
    expect(hashes[0]).toMatch(/^0x[0-9a-f]{16}$/);
    expect(hashes[1]).toBe(hashes[0]);
    expect(hashes[2]).not.toBe(hashes[0]);
  });

  test("one bit, one swapped pair or one moved word changes it", () => {
    const m = new Memory({ windowBytes: WINDOW });
    const seen = new Set([hashMemory(m)]);
    const note = (name: string) => {
      const hash = hashMemory(m);
      expect(seen.has(hash), name).toBe(false);
      seen.add(hash);
    };
    m.i32[7] = 1;
    note("a word");
    m.i32[7] = 2;
    note("another bit");
    m.i32[7] = 0;
    m.i32[8] = 2;
    note("the same word elsewhere");
    m.i32[7] = 3;
    note("two words");
    [m.i32[7], m.i32[8]] = [2, 3];
    note("the two swapped");
    m.i32[m.i32.length - 1] = 1;
    note("the last word");
  });
});

test("the types stand alone: a page that draws takes nothing of the engine", () => {
  const source = readFileSync("engine/observe/types.ts", "utf8");
  expect(source).not.toMatch(/^\s*import /m);
  expect(source).not.toMatch(/^export (const|let|function|class)/m);
});
