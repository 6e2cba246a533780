/**
 * The jemalloc-style allocator beside jemalloc 5.3.0 itself (Debian's libjemalloc2 5.3.0-1, amd64, narenas:1): the same
 * small programs, and the figures that its mallctl gave for them. Where a case must differ it says how: jemalloc's
 * deadlines jitter, and it adds a page to a large block.
 */
import { describe, expect, test } from "vitest";
import { type CheckMode, Memory } from "../../engine/memory/memory.ts";
import { osInit } from "../../engine/memory/os.ts";
import { type Block, type Jemalloc, type JemallocOptions, Offheap } from "../../engine/offheap/index.ts";

const MIB = 1024 * 1024;

function jemalloc(options: JemallocOptions = {}, check: CheckMode = "local", windowBytes = 64 * MIB): Jemalloc {
  const m = new Memory({ windowBytes, check });
  osInit(m);
  return new Offheap(m).jemalloc(options);
}

const dirtyRuns = (je: Jemalloc) => je.extents.filter((e) => e.state === "dirty").map((e) => e.pages);

describe("as jemalloc 5.3.0", () => {
  test.each<[size: number, flushes: number, slabs: number]>([
    [64, 14, 12],
    [512, 99, 122],
    [2048, 99, 494],
  ])(
    "a flush takes the lock of its bin once, and that of the page runs once for each empty slab: %i bytes",
    (size, flushes, slabs) => {
      const je = jemalloc({ dirtyDecayMs: -1 });
      je.free(je.malloc(size)); // as the program did that measured jemalloc 5.3.0: the figures are its mutex.num_ops
      je.malloc(size);
      const blocks = Array.from({ length: 1000 }, () => je.malloc(size));
      const taken = je.locks(() => {
        for (const block of blocks) je.free(block);
      });
      const count = (name: string) => taken.filter((l) => l === name).length;
      expect([count(`arena 0, bin ${size}`), count("arena 0, pages")]).toEqual([flushes, slabs]);
      expect(je.bins[0].flushes).toBe(flushes);
      je.check();
    },
  );

  test("what was not needed for a while is given back by the cache's collector", () => {
    const je = jemalloc();
    je.malloc(72_704); // as libstdc++ does before main: the collector's first look, at the class of 8 bytes
    for (const b of Array.from({ length: 100 }, () => je.malloc(8))) je.free(b);
    const cached = () => je.bins.find((b) => b.size === 8)!.cached;
    const changes: [pairs: number, cached: number][] = [[0, cached()]];
    for (let i = 1; i <= 13_200; i++) {
      je.free(je.malloc(512));
      if (i % 16 === 0 && cached() !== changes[changes.length - 1][1]) changes.push([i, cached()]);
    }
    // jemalloc 5.3.0, looked at every 16 pairs. Two rounds over 41 classes, and a look for each 64 KiB that is given out
    // and each that is freed: the first round sets the mark, the second finds regions below it.
    expect(changes).toEqual([
      [0, 100],
      [5248, 25],
      [7936, 6],
      [10496, 1],
      [13184, 0],
    ]);
    je.check();
  });

  test("small slabs that were freed are the ones given out again: the dirty pages do not grow", () => {
    const je = jemalloc({ tcache: false });
    const rounds = Array.from({ length: 6 }, () => {
      const blocks = Array.from({ length: 2000 }, () => je.malloc(4096));
      const { dirty } = je.figures;
      for (const block of blocks) je.free(block);
      return [dirty, je.figures.dirty];
    });
    // jemalloc with tcache:false, the same 2000 blocks: 0 and 8192000 in each of six rounds.
    expect(rounds).toEqual(new Array(6).fill([0, 8_192_000]));
    je.check();
  });

  test("runs of two mappings never join, though the addresses follow each other", () => {
    const je = jemalloc({ tcache: false });
    const blocks = Array.from({ length: 4 }, () => je.malloc(MIB)); // two in 2 MiB, two in 2.5 MiB
    for (const block of blocks) je.free(block);
    expect(dirtyRuns(je)).toEqual([512, 512]);
    je.purge();
    expect(je.extents.map((e) => [e.state, e.pages])).toEqual([
      ["retained", 640],
      ["retained", 512],
    ]);
    expect(Number(je.extents[0].address) + 640 * 4096).toBe(Number(je.extents[1].address));
  });

  test("a request of 8 MiB goes to an arena of its own, which keeps nothing", () => {
    const je = jemalloc();
    const [a, b] = [je.malloc(8 * MIB - 1), je.malloc(8 * MIB)];
    const arenaOf = (block: Block) => je.extents.find((e) => e.address === block.address)?.arena;
    expect([arenaOf(a), arenaOf(b)]).toEqual([0, 1]);
    je.free(b);
    expect(je.figures).toMatchObject({ dirty: 0, muzzy: 0, purgedPages: 2048, purges: 1 });
    const never = jemalloc({ dirtyDecayMs: -1 });
    never.free(never.malloc(9 * MIB));
    expect(never.figures.dirty).toBe(10 * MIB); // no time is set to nothing when none was set
  });

  test.each<[string, JemallocOptions, number]>([
    ["is given back at once", {}, 0],
    ["stays when pages are to stay for ever", { dirtyDecayMs: -1 }, 8 * MIB],
    ["stays when muzzy ones are", { muzzyDecayMs: -1 }, 8 * MIB],
  ])("a dirty run that grows to 8 MiB %s", (_name, options, dirty) => {
    const je = jemalloc(options);
    je.malloc(7 * MIB); // from here on a mapping is as long as the one before, or longer
    const whole = je.malloc(8 * MIB - 1);
    je.free(whole);
    expect(je.figures.dirty).toBe(dirty);
  });

  test("pages that lie apart follow the curve: half is gone after half the time", () => {
    const je = jemalloc({ tcache: false });
    const blocks = Array.from({ length: 8000 }, () => je.malloc(4096));
    for (let i = 0; i < 8000; i += 2) blocks[i].free();
    const left = [1000, 2500, 5000, 7500, 9000].map((ms) => {
      je.advance(ms - je.now);
      return je.figures.dirty / 4096;
    });
    // jemalloc, of 4085 pages, its clock looked at every 10 ms: 4059 after 1 s, 2119 after 5, 45 after 9.
    expect(left).toEqual([3970, 3606, 2037, 435, 39]);
    expect(je.figures.purges).toBe(je.figures.purgedPages);
  });

  test("pages side by side have joined when their turn comes, and go a mapping at a time", () => {
    const je = jemalloc({ tcache: false });
    for (let i = 0; i < 22; i++) je.malloc(4096); // as much of the first mapping was in use in the measured program
    for (const block of Array.from({ length: 4079 }, () => je.malloc(4096))) je.free(block);
    const gone: number[] = [];
    for (let before = 0; je.figures.dirty > 0; before = je.figures.purgedPages) {
      je.advance(50);
      if (je.figures.purgedPages > before) gone.push(je.figures.purgedPages - before);
    }
    // jemalloc 5.3.0, dirty_decay_ms 2000, arena.0.decay called every 20 ms: the same runs in the same order.
    expect(gone).toEqual([490, 261, 640, 768, 896, 1024]);
    je.check();
  });
});
