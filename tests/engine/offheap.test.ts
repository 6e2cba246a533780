/** Memory managed by hand: the jemalloc-style allocator and the bump arena, situation by situation. */
import { describe, expect, test } from "vitest";
import { type CheckMode, Memory } from "../../engine/memory/memory.ts";
import { osFigures, osInit, refuseAll } from "../../engine/memory/os.ts";
import { type Block, type Jemalloc, type JemallocOptions, Offheap } from "../../engine/offheap/index.ts";
import {
  classBytes,
  classOf,
  maxSize,
  numClasses,
  numPageClasses,
  numSmall,
  pageClassFloor,
  pageClassOf,
  pagesOfClass,
  smallClasses,
} from "../../engine/offheap/sizeclasses.ts";
import { mallocgc } from "../../engine/runtime/malloc.ts";
import { schedinit } from "../../engine/runtime/proc.ts";

const MIB = 1024 * 1024;

function machine(check: CheckMode = "step", windowBytes = 64 * MIB): Memory {
  const m = new Memory({ windowBytes, check });
  osInit(m);
  return m;
}

function jemalloc(options: JemallocOptions = {}, m = machine()): Jemalloc {
  return new Offheap(m).jemalloc(options);
}

/** What a call throws: its code and arguments. */
function failure(body: () => unknown): { code: string; message: string; args: Record<string, unknown> } {
  try {
    body();
  } catch (e) {
    const { code, message, args } = e as { code: string; message: string; args: Record<string, unknown> };
    if (code === undefined) throw e;
    return { code, message, args };
  }
  throw new Error("nothing was thrown");
}

const codeOf = (body: () => unknown) => failure(body).code;

describe("size classes", () => {
  test("are those of jemalloc's manual: 8, then groups of four whose spacing doubles", () => {
    const groups: [spacing: number, sizes: number[]][] = [
      [16, [16, 32, 48, 64, 80, 96, 112, 128]],
      [32, [160, 192, 224, 256]],
      [64, [320, 384, 448, 512]],
      [128, [640, 768, 896, 1024]],
      [256, [1280, 1536, 1792, 2048]],
      [512, [2560, 3072, 3584, 4096]],
      [1024, [5 * 1024, 6 * 1024, 7 * 1024, 8 * 1024]],
      [2048, [10 * 1024, 12 * 1024, 14 * 1024, 16 * 1024]],
      [4096, [20 * 1024, 24 * 1024, 28 * 1024, 32 * 1024]],
      [8192, [40 * 1024, 48 * 1024, 56 * 1024, 64 * 1024]],
    ];
    const sizes = [8, ...groups.flatMap(([, s]) => s)];
    expect(sizes.map((_, i) => classBytes(i))).toEqual(sizes);
    for (const [spacing, group] of groups) {
      for (let i = 1; i < group.length; i++) expect(group[i] - group[i - 1]).toBe(spacing);
    }
    expect(classBytes(numSmall - 1)).toBe(14 * 1024);
    expect(classBytes(numClasses - 1)).toBe(maxSize);
  });

  test("a request takes the first class that is large enough, up to 1 GiB", () => {
    let c = 0;
    for (let size = 1; size <= 70_000; size++) {
      if (size > classBytes(c)) c++;
      if (classOf(size) !== c) expect([size, classOf(size)]).toEqual([size, c]);
    }
    for (let i = 0; i < numClasses; i++) {
      expect(classOf(classBytes(i))).toBe(i);
      if (i + 1 < numClasses) expect(classOf(classBytes(i) + 1)).toBe(i + 1);
    }
  });

  test("a slab is filled by its regions without a rest, in at most seven pages", () => {
    for (const c of smallClasses) {
      expect(c.regions * c.size).toBe(c.slabPages * 4096);
      expect(c.slabPages).toBeLessThanOrEqual(7);
    }
    expect(smallClasses.filter((c) => [8, 48, 80, 112, 5120].includes(c.size)).map((c) => c.slabPages)).toEqual([
      1, 3, 5, 7, 5,
    ]);
  });

  test("runs of pages are filed under the longest class that they can serve", () => {
    for (let i = 0; i + 1 < numPageClasses; i++) {
      const [here, next] = [pagesOfClass(i), pagesOfClass(i + 1)];
      for (const pages of new Set([here, here + 1, next - 1])) {
        if (pages < here || pages >= next) continue;
        expect([pageClassFloor(pages), pageClassOf(pages)]).toEqual([i, pages === here ? i : i + 1]);
      }
    }
  });
});

describe("thread caches", () => {
  test("the newest freed block of a class is the next one given out", () => {
    const je = jemalloc();
    const [a, b] = [je.malloc(100), je.malloc(100)];
    je.free(a);
    je.free(b);
    expect([je.malloc(97).address, je.malloc(112).address]).toEqual([b.address, a.address]);
  });

  test("a fill brings half a stack from the lowest regions of the slab, and then no lock is taken", () => {
    const je = jemalloc();
    const first = je.malloc(64); // slabs of 64 bytes have 64 regions, so the stack takes 128 and a fill brings 64
    expect(je.bins).toEqual([
      { arena: 0, size: 64, slabs: 1, regions: 64, used: 64, cached: 63, fills: 1, flushes: 0 },
    ]);
    const more: Block[] = [];
    expect(je.locks(() => more.push(...Array.from({ length: 63 }, () => je.malloc(64))))).toEqual([]);
    expect(more.map((b) => Number(b.address) - Number(first.address))).toEqual(more.map((_, i) => 64 * (i + 1)));
    // The bin; while a slab is made, the page runs instead; the bin again.
    expect(je.locks(() => je.malloc(64))).toEqual(["arena 0, bin 64", "arena 0, pages", "arena 0, bin 64"]);
  });

  test("blocks of two arenas in one flush take the locks of both bins", () => {
    const je = jemalloc({ threads: 2, arenas: 2 });
    const mine = Array.from({ length: 10 }, () => je.thread(1).malloc(2048));
    const others = Array.from({ length: 11 }, () => je.thread(0).malloc(2048));
    je.flush();
    je.thread(1).flush();
    others.forEach((block, i) => {
      je.thread(1).free(block);
      if (i < 9) je.thread(1).free(mine[i]);
    });
    expect(je.locks(() => je.thread(1).free(mine[9])).filter((l) => l.includes("bin"))).toEqual([
      "arena 0, bin 2048",
      "arena 1, bin 2048",
    ]);
  });

  test("a full stack sends its older half back to the slabs", () => {
    const je = jemalloc();
    const blocks = Array.from({ length: 300 }, () => je.malloc(2048)); // 2 regions a slab: the stack takes 20
    for (const b of blocks.slice(0, 21)) je.free(b);
    const [bin] = je.bins;
    expect([bin.cached, bin.flushes]).toEqual([11, 1]);
    expect(je.malloc(2048).address).toBe(blocks[20].address);
  });

  test("what another thread frees waits in that thread's cache, and goes back to where it came from", () => {
    const je = jemalloc({ threads: 2, arenas: 2 });
    const block = je.thread(0).malloc(3000);
    je.thread(1).free(block);
    expect(je.thread(0).malloc(3000).address).not.toBe(block.address);
    expect(je.thread(1).malloc(3000).address).toBe(block.address);
    je.thread(1).free(block.address);
    je.thread(1).flush();
    expect(je.bins.map((b) => [b.arena, b.used > 0])).toEqual([[0, true]]);
  });

  test("blocks up to 32 KiB are cached, larger ones go straight to the page runs", () => {
    const je = jemalloc();
    je.free(je.malloc(32 * 1024));
    expect(je.figures.cached).toBe(32 * 1024);
    je.free(je.malloc(32 * 1024 + 1));
    expect([je.figures.cached, je.figures.dirty]).toEqual([32 * 1024, 40 * 1024]);
  });

  test("without caches each block comes from its slab and goes back there", () => {
    const je = jemalloc({ tcache: false });
    const blocks = [je.malloc(64), je.malloc(20_000)];
    expect(je.bins.map((b) => [b.used, b.cached])).toEqual([[1, 0]]);
    for (const b of blocks) je.free(b);
    expect([je.figures.cached, je.figures.active]).toEqual([0, 0]);
  });
});

describe("slabs and page runs", () => {
  test("the oldest and lowest slab with room is filled first, so that others run empty", () => {
    const je = jemalloc({ tcache: false });
    const blocks = Array.from({ length: 6 }, () => je.malloc(2048)); // three slabs of two
    je.free(blocks[5]);
    je.free(blocks[3]);
    je.free(blocks[1]);
    expect(je.malloc(2048).address).toBe(blocks[1].address);
    expect(je.malloc(2048).address).toBe(blocks[3].address);
  });

  const dirtyRuns = (je: Jemalloc) => je.extents.filter((e) => e.state === "dirty").map((e) => e.pages);

  test("an empty slab becomes a dirty run as long as it was: it does not join its neighbours", () => {
    const je = jemalloc({ tcache: false });
    for (const block of Array.from({ length: 12 }, () => je.malloc(4096))) je.free(block);
    // jemalloc 5.3.0 shows the same in stats.arenas.0.extents: twelve of one page.
    expect(dirtyRuns(je)).toEqual(new Array(12).fill(1));
  });

  test("a run of 16 KiB or more joins every dirty neighbour when it is freed", () => {
    const je = jemalloc({ tcache: false });
    const [a, large, b] = [je.malloc(4096), je.malloc(16 * 1024), je.malloc(12 * 1024)];
    je.free(a);
    je.free(b);
    expect(dirtyRuns(je)).toEqual([1, 3]);
    je.free(large);
    expect(dirtyRuns(je)).toEqual([8]);
  });

  test("dirty pages are used again before fresh ones, but a long dirty run is not broken for a short request", () => {
    const je = jemalloc({ tcache: false });
    const [long, , short] = [je.malloc(512 * 1024), je.malloc(4096), je.malloc(32 * 1024)];
    je.free(long);
    je.free(short);
    const run = (pages: number) => je.extents.find((e) => e.state === "dirty" && e.pages === pages)?.address;
    expect([run(128), run(8)]).toEqual([long.address, short.address]);
    expect(je.malloc(4096).address).toBe(short.address); // 128 times as long: left alone
    expect(je.malloc(8192).address).toBe(long.address); // 64 times as long: the lower of the two
  });

  test("of two runs that fit, the one mapped first is used, though mappings grow downwards", () => {
    const je = jemalloc();
    const blocks = Array.from({ length: 6 }, () => je.malloc(MIB)); // mappings of 2 and 2.5 MiB, then a third
    const [old, young] = [blocks[0], blocks[2]];
    expect(Number(young.address)).toBeLessThan(Number(old.address));
    je.free(old);
    je.free(young);
    expect([je.malloc(MIB).address, je.malloc(MIB).address]).toEqual([old.address, young.address]);
  });

  test("a large block grows into free pages behind it, and is cut where it is", () => {
    const je = jemalloc();
    const a = je.malloc(100 * 1024, "first");
    a.set(0, "uint32", 7);
    a.set(99_996, "uint32", 8);
    const b = je.realloc(a, 300 * 1024);
    expect([b.address, b.get(0, "uint32"), b.get(99_996, "uint32")]).toEqual([a.address, 7, 8]);
    expect(codeOf(() => a.get(0))).toBe("offheap/freed");
    const behind = je.malloc(64 * 1024);
    const c = je.realloc(b, 400 * 1024); // no room behind: it moves
    expect(c.address).not.toBe(b.address);
    expect([c.get(0, "uint32"), c.get(99_996, "uint32")]).toEqual([7, 8]);
    expect(je.realloc(c, 50 * 1024).address).toBe(c.address);
    behind.free();
    expect(je.leaks).toEqual([
      { site: "first", blocks: 1, bytes: 50 * 1024, totalBlocks: 4, totalBytes: (100 + 300 + 400 + 50) * 1024 },
    ]);
  });

  test("calloc gives zeroes where poison lay; malloc gives what lies there", () => {
    const je = jemalloc();
    for (const size of [40, 20_000, 100_000]) {
      const a = je.calloc(1, size);
      expect(a.bytes(0, 8)).toBe("00".repeat(8));
      a.set(4, "uint32", 1);
      je.free(a);
      const b = je.malloc(size);
      expect([b.address, b.bytes(0, 4)]).toEqual([a.address, "5a5a5a5a"]);
      je.free(b);
      expect(je.calloc(1, size).bytes(0, 16)).toBe("00".repeat(16));
    }
  });

  test("a request of 0 bytes gets a block of its own", () => {
    const je = jemalloc();
    const [a, b] = [je.malloc(0), je.malloc(0)];
    expect([a.size, a.usable, a.address === b.address]).toEqual([0, 8, false]);
    expect(codeOf(() => a.get(0))).toBe("offheap/range");
  });
});

describe("decay", () => {
  /** An allocator with `pages` dirty pages, just freed. */
  function withDirty(options: JemallocOptions, pages = 1000): { je: Jemalloc; m: Memory } {
    const m = machine();
    const je = jemalloc({ tcache: false, ...options }, m);
    je.free(je.malloc(pages * 4096));
    return { je, m };
  }
  const usual = pagesOfClass(pageClassOf(1000)) * 4096;

  test.each<[string, JemallocOptions, number, Partial<Jemalloc["figures"]>]>([
    ["at once: nothing stays dirty", { dirtyDecayMs: 0 }, 0, { dirty: 0, muzzy: 0 }],
    ["never: everything stays dirty for a day", { dirtyDecayMs: -1 }, 86_400_000, { dirty: usual, muzzy: 0 }],
    ["before time passes all stays", {}, 0, { dirty: usual }],
    ["the run goes as a whole, as soon as it is longer than what may stay", {}, 100, { dirty: 0, retained: 4 * MIB }],
    ["nothing is left after ten seconds and an epoch", {}, 10_050, { dirty: 0, muzzy: 0 }],
    ["with a muzzy time, pages wait a second time", { muzzyDecayMs: -1 }, 10_050, { dirty: 0, muzzy: usual }],
    ["and then go", { muzzyDecayMs: 10_000 }, 20_100, { dirty: 0, muzzy: 0 }],
    ["at once dirty, but muzzy for ever", { dirtyDecayMs: 0, muzzyDecayMs: -1 }, 0, { dirty: 0, muzzy: usual }],
  ])("%s", (_name, options, ms, want) => {
    const { je } = withDirty(options);
    je.advance(ms);
    expect(je.figures).toMatchObject(want);
  });

  test("time passes in one leap as in many steps", () => {
    const scattered = () => {
      const je = jemalloc({ tcache: false, muzzyDecayMs: 3_000 }, machine("local"));
      const blocks = Array.from({ length: 1000 }, () => je.malloc(4096));
      for (let i = 0; i < 1000; i += 2) blocks[i].free();
      return je;
    };
    const [leap, steps] = [scattered(), scattered()];
    for (let i = 0; i < 80; i++) steps.advance(77.5);
    leap.advance(80 * 77.5);
    expect(steps.figures).toEqual(leap.figures);
    expect(leap.figures.muzzy).toBeGreaterThan(0);
  });

  test("the operating system has back what decayed, and its bytes are zero", () => {
    const { je, m } = withDirty({});
    const before = osFigures(m).resident;
    const address = je.extents[0].address;
    expect(new Offheap(m).read(address, "uint32")).toBe(0x5a5a5a5a);
    je.advance(10_050);
    expect(before - osFigures(m).resident).toBeGreaterThanOrEqual(usual - 4096);
    expect(new Offheap(m).read(address, "uint32")).toBe(0);
    expect(je.figures.retained).toBe(4 * MIB);
  });

  test("without retain the address goes back as well, and an old pointer faults", () => {
    const { je, m } = withDirty({ retain: false });
    const address = je.extents[0].address;
    const before = osFigures(m).virtual;
    je.purge();
    expect(before - osFigures(m).virtual).toBe(usual);
    expect(je.extents).toEqual([]);
    expect(codeOf(() => new Offheap(m).read(address, "uint8"))).toBe("offheap/fault");
  });
});

describe("mistakes", () => {
  test("a block freed twice is refused, and the message names both places", () => {
    const je = jemalloc();
    const a = je.malloc(50, "parse");
    je.free(a, "done");
    expect(failure(() => je.free(a))).toEqual({
      code: "offheap/double-free",
      message: `the block at ${a.address} was freed already: allocated at "parse", freed at "done"`,
      args: { address: a.address, site: "parse", freedAt: "done" },
    });
    expect(codeOf(() => a.free())).toBe("offheap/double-free");
    expect(codeOf(() => je.free(a.address))).toBe("offheap/double-free");
    je.flush(); // from the cache to the slab: still known, if the slab has other blocks
  });

  test.each<[string, number]>([
    ["in a cache", 50],
    ["in a cache, with pages of its own", 20_000],
    ["back among the page runs", 500_000],
  ])("a double free is found when the block waits %s", (_name, size) => {
    const je = jemalloc();
    const a = je.malloc(size);
    je.free(a);
    expect(codeOf(() => je.free(a))).toBe("offheap/double-free");
    expect(codeOf(() => je.free(a.address))).toBe("offheap/double-free");
    je.purge();
    expect(codeOf(() => je.free(a))).toBe("offheap/double-free");
  });

  test("a handle knows its block from a later one at the same address", () => {
    const je = jemalloc();
    const a = je.malloc(50);
    je.free(a);
    const b = je.malloc(50);
    expect([b.address === a.address, a.isFreed, b.isFreed]).toEqual([true, true, false]);
    expect(failure(() => a.get(0)).message).toContain("belongs to another block by now");
    expect(codeOf(() => je.free(a))).toBe("offheap/double-free");
    je.free(a.address); // C cannot tell: this frees b
    expect(b.isFreed).toBe(true);
  });

  test.each<[string, (je: Jemalloc, address: number) => string]>([
    ["inside a small block", (_je, a) => hex(a + 16)],
    ["behind the last block given out", (_je, a) => hex(a + 64 * 63)],
    ["of the Go heap", () => "0xc000000000"],
  ])("free refuses an address %s", (_name, where) => {
    const je = jemalloc();
    const a = je.malloc(64);
    expect(codeOf(() => je.free(where(je, Number(a.address))))).toBe("offheap/not-allocated");
    expect(je.figures.blocks).toBe(1);
  });
  const hex = (n: number) => `0x${n.toString(16)}`;

  test("free refuses an address inside a large block, and another allocator's block", () => {
    const m = machine();
    const [je, other] = [jemalloc({}, m), jemalloc({}, m)];
    const a = je.malloc(100_000);
    expect(failure(() => je.free(hex(Number(a.address) + 4096))).args).toMatchObject({ offset: 4096 });
    expect(codeOf(() => other.free(a))).toBe("offheap/not-allocated");
    expect(codeOf(() => other.free(a.address))).toBe("offheap/not-allocated");
    expect(codeOf(() => je.free({} as Block))).toBe("offheap/not-allocated");
  });

  test("a dangling read through a handle is refused; through an address it reads poison, then somebody else's bytes", () => {
    const m = machine();
    const off = new Offheap(m);
    const je = off.jemalloc();
    const a = je.malloc(64, "node");
    a.set(8, "uint32", 42);
    je.free(a, "drop");
    expect(failure(() => a.get(8, "uint32"))).toMatchObject({
      code: "offheap/freed",
      message: `the block at ${a.address} was freed: allocated at "node", freed at "drop"`,
    });
    expect(off.read(a.address, "uint32")).toBe(0x5a5a5a5a);
    je.malloc(64).set(0, "uint32", 7);
    expect(off.read(a.address, "uint32")).toBe(7);
  });

  test("a dangling write is found when the block is given out again, once", () => {
    const m = machine();
    const off = new Offheap(m);
    const je = off.jemalloc();
    const a = je.malloc(64, "node");
    const at = Number(a.address);
    je.free(a, "drop");
    off.write(hex(at + 12), "uint8", 1);
    expect(failure(() => je.malloc(64))).toMatchObject({
      code: "offheap/written-after-free",
      args: { address: a.address, offset: 12, site: "node", freedAt: "drop" },
    });
    expect(je.malloc(64).address).toBe(a.address);
  });

  test("without poison nobody notices", () => {
    const m = machine();
    const off = new Offheap(m);
    const je = off.jemalloc({ poison: false });
    const a = je.malloc(64);
    a.set(0, "uint32", 42);
    je.free(a);
    expect(off.read(a.address, "uint32")).toBe(42);
    off.write(a.address, "uint32", 43);
    expect(je.malloc(64).get(0, "uint32")).toBe(43);
  });

  test.each<[string, (b: Block) => unknown, string]>([
    ["a read behind the end", (b) => b.get(10), "offheap/range"],
    ["a read that only begins inside", (b) => b.get(7, "uint32"), "offheap/range"],
    ["a negative place", (b) => b.get(-1), "offheap/range"],
    ["a value that does not fit", (b) => b.set(0, "uint8", 256), "offheap/value"],
    ["a fraction in an integer", (b) => b.set(0, "int32", 0.5), "offheap/value"],
    ["no address for a pointer", (b) => b.set(0, "pointer", "somewhere"), "offheap/value"],
    ["an unknown kind", (b) => b.get(0, "word" as "uint8"), "offheap/value"],
  ])("%s is refused", (_name, body, code) => {
    const b = jemalloc().malloc(10);
    expect(codeOf(() => body(b))).toBe(code);
  });

  test.each<[string, (off: Offheap) => unknown, string]>([
    ["a negative size", (off) => off.jemalloc().malloc(-1), "offheap/size"],
    ["half a byte", (off) => off.jemalloc().malloc(0.5), "offheap/size"],
    ["more than 1 GiB", (off) => off.jemalloc().calloc(2 ** 16, 2 ** 15), "offheap/size"],
    ["more than the window", (off) => off.jemalloc().malloc(65 * MIB), "offheap/out-of-memory"],
    ["no arena", (off) => off.jemalloc({ arenas: 0 }), "offheap/option"],
    ["a thread that is not there", (off) => off.jemalloc().thread(1), "offheap/option"],
    ["a decay time before never", (off) => off.jemalloc({ dirtyDecayMs: -2 }), "offheap/option"],
    ["time that runs backwards", (off) => off.jemalloc().advance(-1), "offheap/option"],
    ["a chunk that is no number of pages", (off) => off.arena({ chunkBytes: 5000 }), "offheap/option"],
    ["an odd alignment", (off) => off.arena().alloc(8, 3), "offheap/size"],
    ["an address that is none", (off) => off.read("12", "uint8"), "offheap/value"],
    ["a read where nothing is mapped", (off) => off.read("0xc003fff000", "uint8"), "offheap/fault"],
  ])("%s is refused", (_name, body, code) => {
    expect(codeOf(() => body(new Offheap(machine())))).toBe(code);
  });

  test("every kind of value comes back as it was written", () => {
    const b = jemalloc().malloc(8);
    const values: [Parameters<Block["get"]>[1], number | string][] = [
      ["int8", -128],
      ["uint8", 255],
      ["int16", -32768],
      ["uint16", 65535],
      ["int32", -(2 ** 31)],
      ["uint32", 2 ** 32 - 1],
      ["int64", -(2 ** 53) + 1],
      ["uint64", 2 ** 53 - 1],
      ["float32", 0.5],
      ["float64", Math.PI],
      ["pointer", "0xc000012340"],
    ];
    for (const [kind, v] of values) {
      b.set(0, kind!, v);
      expect(b.get(0, kind)).toBe(v);
    }
    b.set(0, "pointer", b);
    expect(b.get(0, "pointer")).toBe(b.address);
    b.set(0, "pointer", null);
    expect(b.get(0, "pointer")).toBe("0x0");
    for (let i = 0; i < 8; i++) b.set(i, "uint8", 0xff);
    expect([b.get(0, "uint64"), b.get(0, "int64")]).toEqual(["0xffffffffffffffff", -1]);
  });
});

describe("the report of leaks", () => {
  test("counts live blocks and bytes for each place that allocates", () => {
    const je = jemalloc({ threads: 2 });
    const tree = Array.from({ length: 10 }, () => je.malloc(24, "newNode"));
    const text = je.thread(1).malloc(1000, "读取");
    je.malloc(5, "scratch").free();
    for (const b of tree.slice(0, 7)) je.thread(1).free(b);
    expect(je.leaks).toEqual([
      { site: "读取", blocks: 1, bytes: 1000, totalBlocks: 1, totalBytes: 1000 },
      { site: "newNode", blocks: 3, bytes: 72, totalBlocks: 10, totalBytes: 240 },
    ]);
    text.free();
    for (const b of tree.slice(7)) b.free();
    expect(je.leaks).toEqual([]);
  });
});

describe("running out", () => {
  test("malloc says so, everything stays in order, and a free makes room again", () => {
    const m = machine("local");
    const je = jemalloc({}, m);
    const blocks: Block[] = [];
    expect(
      codeOf(() => {
        for (;;) blocks.push(je.malloc(3 * MIB));
      }),
    ).toBe("offheap/out-of-memory");
    je.check();
    expect(blocks.length).toBeGreaterThan(15);
    expect(je.malloc(64).get(0)).toBe(0); // small ones still find room
    blocks.pop()!.free();
    expect(je.malloc(3 * MIB).usable).toBe(3 * MIB);
    je.check();
  });

  test("when the operating system refuses, nothing is lost", () => {
    const m = machine();
    const je = jemalloc({}, m);
    refuseAll(m, true);
    for (const size of [8, 5000, 100_000]) expect(codeOf(() => je.malloc(size))).toBe("offheap/out-of-memory");
    refuseAll(m, false);
    const b = je.malloc(100_000);
    refuseAll(m, true);
    expect(codeOf(() => je.realloc(b, 30 * MIB))).toBe("offheap/out-of-memory");
    expect(b.isFreed).toBe(false);
    je.check();
  });

  test("a full window of small blocks: the last slab is served to its end", () => {
    const m = machine("none");
    const je = jemalloc({ poison: false }, m);
    let n = 0;
    expect(
      codeOf(() => {
        for (;;) {
          je.malloc(14 * 1024);
          n++;
        }
      }),
    ).toBe("offheap/out-of-memory");
    expect(n * 14 * 1024).toBeGreaterThan(0.99 * 64 * MIB);
    je.check();
  });
});

describe("beside the Go heap", () => {
  test("Go's objects get the same addresses, whether anybody maps memory beside them or not", () => {
    const addresses = (isBusy: boolean) => {
      const m = new Memory({ check: "local" });
      schedinit(m);
      const je = new Offheap(m).jemalloc();
      return Array.from({ length: 2000 }, (_, i) => {
        if (isBusy) je.malloc(i * 10);
        return mallocgc(m, i, 0, true);
      });
    };
    expect(addresses(true)).toEqual(addresses(false));
  });

  test("a copy of the buffer is a copy of the allocator", () => {
    const m = machine();
    const je = jemalloc({}, m);
    const a = je.malloc(64);
    const before = m.u8.slice();
    je.free(a);
    je.advance(1000);
    je.purge();
    m.u8.set(before);
    expect([a.isFreed, je.figures.blocks, je.now]).toEqual([false, 1, 0]);
    je.check();
  });

  test("closing gives everything back to the operating system", () => {
    const m = machine();
    const before = osFigures(m);
    const je = jemalloc({}, m);
    const arena = new Offheap(m).arena();
    const blocks = [je.malloc(10), je.malloc(100_000), arena.alloc(10)];
    arena.close();
    je.close();
    expect(osFigures(m)).toMatchObject({ virtual: before.virtual, committed: before.committed });
    expect(blocks.map((b) => b.isFreed)).toEqual([true, true, true]);
    expect(codeOf(() => je.malloc(1))).toBe("offheap/closed");
    expect(codeOf(() => blocks[0].get(0))).toBe("offheap/closed");
    expect(codeOf(() => arena.alloc(1))).toBe("offheap/closed");
  });
});

describe("a bump arena", () => {
  test("puts objects one behind the other, aligned and cleared", () => {
    const arena = new Offheap(machine()).arena();
    const blocks = [arena.alloc(3), arena.alloc(8), arena.alloc(1, 1), arena.alloc(1, 1), arena.alloc(100, 64)];
    const base = Number(blocks[0].address);
    expect(blocks.map((b) => Number(b.address) - base)).toEqual([0, 8, 16, 17, 64]);
    expect(arena.figures).toEqual({
      objects: 5,
      chunks: 1,
      mapped: 65536,
      requested: 113,
      padding: 5 + 46,
      tails: 0,
      free: 65536 - 164,
    });
  });

  test("takes chunks of doubling length up to 1 MiB, and longer ones for longer objects", () => {
    const arena = new Offheap(machine()).arena({ chunkBytes: 512 * 1024 });
    for (let i = 0; i < 5; i++) arena.alloc(300 * 1024);
    arena.alloc(3 * MIB + 1);
    expect(arena.chunks.map((c) => c.bytes / 1024)).toEqual([512, 1024, 1024, 3 * 1024 + 4]);
    const { mapped, requested, padding, tails, free } = arena.figures;
    expect(requested + padding + tails + free).toBe(mapped);
    expect(tails).toBe((212 + 124 + 724) * 1024);
  });

  test("reset frees all at once: handles are dead, old addresses read poison, and the chunks are used again", () => {
    const m = machine();
    const off = new Offheap(m);
    const arena = off.arena();
    const blocks = Array.from({ length: 20_000 }, (_, i) => {
      const b = arena.alloc(16);
      b.set(0, "uint32", i);
      return b;
    });
    const { mapped } = arena.figures;
    arena.reset();
    expect(failure(() => blocks[7].get(0, "uint32"))).toMatchObject({
      code: "offheap/freed",
      message: expect.stringContaining("freed with its whole arena"),
    });
    for (const i of [0, 7, 19_999]) expect(off.read(blocks[i].address, "uint32")).toBe(0x5a5a5a5a);
    const again = arena.alloc(16);
    expect([again.address, again.bytes(), arena.figures.mapped]).toEqual([blocks[0].address, "00".repeat(16), mapped]);
    expect(blocks[0].isFreed).toBe(true);
  });

  test("free gives the chunks back: old addresses fault", () => {
    const m = machine();
    const off = new Offheap(m);
    const before = off.os.virtual;
    const arena = off.arena();
    const record = off.os.virtual - before;
    const b = arena.alloc(1000);
    arena.free();
    expect(off.os.virtual - before).toBe(record);
    expect(codeOf(() => b.get(0))).toBe("offheap/freed");
    expect(codeOf(() => off.read(b.address, "uint8"))).toBe("offheap/fault");
    expect(arena.alloc(8).get(0)).toBe(0);
  });

  test("an object cannot be freed alone, and a full window is an error that leaves the arena as it was", () => {
    const arena = new Offheap(machine()).arena();
    const b = arena.alloc(8);
    expect(codeOf(() => b.free())).toBe("offheap/not-allocated");
    const before = arena.figures;
    expect(codeOf(() => arena.alloc(65 * MIB))).toBe("offheap/out-of-memory");
    expect(arena.figures).toEqual(before);
    expect(b.isFreed).toBe(false);
  });
});
