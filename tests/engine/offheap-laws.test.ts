/** Laws of the jemalloc-style allocator: any sequence of calls keeps its rules, its figures, and the program's bytes. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Memory } from "../../engine/memory/memory.ts";
import { osFigures, osInit } from "../../engine/memory/os.ts";
import { type Block, type Jemalloc, type JemallocOptions, Offheap } from "../../engine/offheap/index.ts";

const MIB = 1024 * 1024;

function machine(): Memory {
  const m = new Memory({ windowBytes: 64 * MIB });
  osInit(m);
  return m;
}

/** A call: which, on which thread, with which number of the blocks that live, how many bytes. */
interface Call {
  readonly kind: "malloc" | "calloc" | "free" | "realloc" | "advance" | "flush" | "purge";
  readonly thread: number;
  readonly pick: number;
  readonly size: number;
}

const sizes = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 300 }) },
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 15_000 }) },
  { weight: 2, arbitrary: fc.integer({ min: 14_000, max: 40_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 600_000 }) },
);

const calls: fc.Arbitrary<Call> = fc.record({
  kind: fc.constantFrom<Call["kind"]>(
    ...([
      "malloc",
      "malloc",
      "malloc",
      "calloc",
      "free",
      "free",
      "free",
      "realloc",
      "advance",
      "flush",
      "purge",
    ] as const),
  ),
  thread: fc.nat({ max: 1 }),
  pick: fc.nat(),
  size: sizes,
});

const options: fc.Arbitrary<JemallocOptions> = fc.record({
  arenas: fc.constantFrom(1, 2),
  tcache: fc.boolean(),
  dirtyDecayMs: fc.constantFrom(0, 100, 10_000, -1),
  muzzyDecayMs: fc.constantFrom(0, 100, -1),
  retain: fc.boolean(),
  poison: fc.boolean(),
});

/** What the program believes: each block that lives, and the byte that it wrote at both of its ends. */
class Program {
  readonly m = machine();
  readonly je: Jemalloc;
  readonly live: { block: Block; mark: number }[] = [];
  #marks = 0;

  constructor(options: JemallocOptions) {
    this.je = new Offheap(this.m).jemalloc({ ...options, threads: 2 });
  }

  run(c: Call): void {
    const je = this.je.thread(c.thread);
    const i = this.live.length === 0 ? -1 : c.pick % this.live.length;
    if (c.kind === "malloc") this.#add(je.malloc(c.size, `site ${c.size % 3}`));
    else if (c.kind === "calloc") this.#addZeroed(je.calloc(1, c.size));
    else if (c.kind === "advance") je.advance(c.size % 1000);
    else if (c.kind === "flush") je.flush();
    else if (c.kind === "purge") je.purge();
    else if (i >= 0 && c.kind === "free") {
      this.#verify(i);
      je.free(this.live[i].block);
      expect(this.live[i].block.isFreed).toBe(true);
      this.#forget(i);
    } else if (i >= 0) {
      this.#verify(i);
      const { block, mark } = this.live[i];
      const grown = je.realloc(block, c.size);
      if (Math.min(block.size, grown.size) > 0) expect(grown.get(0)).toBe(mark);
      this.#forget(i);
      this.#add(grown);
    }
  }

  #add(block: Block): void {
    const mark = ++this.#marks & 0xff;
    if (block.size > 0) {
      block.set(0, "uint8", mark);
      block.set(block.size - 1, "uint8", mark);
    }
    this.live.push({ block, mark });
  }

  #addZeroed(block: Block): void {
    expect(/^0*$/.test(block.bytes())).toBe(true);
    this.#add(block);
  }

  #verify(i: number): void {
    const { block, mark } = this.live[i];
    if (block.size > 0) expect([block.get(0), block.get(block.size - 1)]).toEqual([mark, mark]);
  }

  #forget(i: number): void {
    this.live[i] = this.live[this.live.length - 1];
    this.live.pop();
  }

  /** No two blocks share a byte, each still holds what was written, and the figures are the program's own. */
  verify(): void {
    this.je.check();
    const ranges = this.live.map(({ block }) => [Number(block.address), block.usable]).sort((a, b) => a[0] - b[0]);
    for (let i = 1; i < ranges.length; i++)
      expect(ranges[i - 1][0] + ranges[i - 1][1]).toBeLessThanOrEqual(ranges[i][0]);
    for (let i = 0; i < this.live.length; i++) this.#verify(i);
    const f = this.je.figures;
    const sum = (of: (b: Block) => number) => this.live.reduce((n, { block }) => n + of(block), 0);
    expect([f.blocks, f.requested, f.allocated]).toEqual([this.live.length, sum((b) => b.size), sum((b) => b.usable)]);
    const pages = (state: string) =>
      this.je.extents.filter((e) => e.state === state).reduce((n, e) => n + 4096 * e.pages, 0);
    expect([f.active, f.dirty, f.muzzy, f.retained]).toEqual([
      pages("slab") + pages("large"),
      pages("dirty"),
      pages("muzzy"),
      pages("retained"),
    ]);
    expect(f.active).toBeGreaterThanOrEqual(f.allocated + f.cached);
  }

  freeAll(): void {
    for (const { block } of this.live.splice(0)) this.je.free(block);
    this.je.thread(0).flush();
    this.je.thread(1).flush();
  }
}

describe("law", () => {
  test("blocks never overlap, keep their bytes, and the figures equal a recount, whatever is called", () => {
    fc.assert(
      fc.property(options, fc.array(calls, { maxLength: 120 }), (o, list) => {
        const program = new Program(o);
        list.forEach((c, i) => {
          program.run(c);
          if (i % 20 === 19) program.je.check();
        });
        program.verify();
      }),
      { numRuns: 40 },
    );
  });

  test("when everything is freed no page is in use, and a purge leaves nothing but addresses", () => {
    fc.assert(
      fc.property(options, fc.array(calls, { maxLength: 100 }), (o, list) => {
        const program = new Program(o);
        for (const c of list) program.run(c);
        program.freeAll();
        program.verify();
        expect(program.je.figures).toMatchObject({ blocks: 0, requested: 0, allocated: 0, cached: 0, active: 0 });
        expect(program.je.bins.every((b) => b.slabs === 0)).toBe(true);
        expect(program.je.leaks).toEqual([]);
        program.je.purge();
        program.je.check();
        expect(program.je.figures).toMatchObject({ dirty: 0, muzzy: 0 });
        if (o.retain === false) expect(program.je.extents).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });

  test("free pages only become fewer as time passes, and reach zero after the decay times and an epoch of each", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(200, 1_000, 10_000),
        fc.constantFrom(0, 200, 3_000),
        fc.array(calls, { maxLength: 60 }),
        (dirtyDecayMs, muzzyDecayMs, list) => {
          const program = new Program({ dirtyDecayMs, muzzyDecayMs });
          for (const c of list) program.run(c);
          program.freeAll();
          const waiting = () => program.je.figures.dirty + program.je.figures.muzzy;
          const total = dirtyDecayMs * 1.005 + muzzyDecayMs * 1.005;
          let last = waiting();
          for (let i = 0; i < 20; i++) {
            program.je.advance(total / 20);
            expect(waiting()).toBeLessThanOrEqual(last);
            last = waiting();
          }
          program.je.advance(1);
          expect(waiting()).toBe(0);
          program.je.check();
        },
      ),
      { numRuns: 30 },
    );
  });

  test("the same calls give the same addresses", () => {
    fc.assert(
      fc.property(options, fc.array(calls, { maxLength: 50 }), (o, list) => {
        const addresses = () => {
          const program = new Program(o);
          for (const c of list) program.run(c);
          return program.live.map(({ block }) => block.address);
        };
        expect(addresses()).toEqual(addresses());
      }),
      { numRuns: 10 },
    );
  });
});

describe("a hundred thousand operations", () => {
  /** Operations in a row, drawn from a seed; most blocks are small. */
  function churn(je: Jemalloc, operations: number): { blocks: Block[]; waste: number } {
    const blocks: Block[] = [];
    let x = 12_345;
    const random = (n: number) => {
      x ^= x << 13;
      x ^= x >>> 17;
      x ^= x << 5;
      return (x >>> 0) % n;
    };
    for (let i = 0; i < operations; i++) {
      if (blocks.length < 1000 || random(100) < 52) {
        const size = random(100) < 90 ? 1 + random(512) : random(100) < 90 ? random(16_384) : random(200_000);
        blocks.push(je.thread(random(2)).malloc(size, size < 512 ? "small" : "large"));
      } else {
        const k = random(blocks.length);
        je.thread(random(2)).free(blocks[k]);
        blocks[k] = blocks[blocks.length - 1];
        blocks.pop();
      }
      if (i % 1000 === 0) je.advance(100);
    }
    const { requested, active, cached } = je.figures;
    return { blocks, waste: 1 - (requested + cached) / active };
  }

  test("take under five seconds, waste under a fifth outside the caches, and leave the rules intact", () => {
    const m = machine();
    const je = new Offheap(m).jemalloc({ threads: 2 });
    const started = performance.now();
    const { blocks, waste } = churn(je, 100_000);
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(waste).toBeLessThan(0.2);
    je.check();
    for (const b of blocks) je.free(b);
    je.purge();
    je.check();
    expect(je.figures.active).toBe(0);
    const records = je.figures.metadata + je.figures.detector;
    expect(osFigures(m).resident).toBeLessThan(records + 2 * 65536 + MIB); // what is left are the records
  });
});
