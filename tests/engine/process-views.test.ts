/** Views of a process: plain data that agrees with the records, and with what the runtime then does. */
import { describe, expect, test } from "vitest";
import {
  addressSpace,
  boot,
  CellError,
  int64,
  pointer,
  type Ref,
  sizeClasses,
  struct,
  uint8,
} from "../../engine/index.ts";

const MIB = 2 ** 20;

function code(body: () => unknown): string {
  try {
    body();
  } catch (e) {
    if (e instanceof CellError) return e.code;
    throw e;
  }
  return "none";
}

/** A heap whose pages are half free, in runs of one to four. */
function fragmented() {
  const go = boot({ check: "step" });
  const all = Array.from({ length: 120 }, (_, i) => go.malloc(8192 * (5 + (i % 4))));
  go.sweep({ live: all.filter((_, i) => i % 2 === 0) });
  return go;
}

describe("the page heap", () => {
  test("[A089] what findPages says is where the next large object goes, for any number of pages", () => {
    for (let n = 5; n <= 40; n++) {
      const go = fragmented();
      const found = go.findPages(n);
      expect(go.where(go.malloc(8192 * n)).address, `${n} pages`).toBe(found.address);
    }
  });

  test("looking changes nothing", () => {
    const go = fragmented();
    const before = go.hash();
    const m = go.pages();
    go.findPages(3);
    go.pageCache();
    go.mcentral(5);
    go.segments();
    go.records();
    expect(go.hash()).toBe(before);
    expect(m.levels).toHaveLength(5);
  });

  test("the summary of a chunk says what its bitmap says", () => {
    const go = fragmented();
    for (const c of go.pages().chunks) {
      const bits = [...c.inUse.matchAll(/../g)].flatMap(([b]) =>
        Array.from({ length: 8 }, (_, i) => (Number.parseInt(b, 16) >> i) & 1),
      );
      const text = bits.join("");
      expect(c.start).toBe(text.indexOf("1") < 0 ? 512 : text.indexOf("1"));
      expect(c.end).toBe(text.length - 1 - text.lastIndexOf("1"));
      expect(c.max).toBe(Math.max(...text.split(/1+/).map((run) => run.length)));
      expect(c.free).toBe(bits.filter((b) => b === 0).length);
    }
  });

  test("a search goes down one accepted entry a level, and passes the refused ones", () => {
    const go = boot({ windowBytes: 64 * MIB });
    const parts = Array.from({ length: 14 }, () => go.malloc(4 * MIB - 8192 * 8));
    go.sweep({ live: parts.filter((_, i) => i !== 9) });
    const found = go.findPages(400);
    expect(found.via).toBe("tree");
    const accepted = found.steps.filter((s) => s.took === "accepted").map((s) => s.level);
    expect(accepted).toEqual([0, 1, 2, 3, 4].slice(0, accepted.length));
    expect(found.steps.some((s) => s.took === "refused")).toBe(true);
    expect(go.findPages(2 ** 20).address).toBeNull();
  });

  test("a P's page cache and the bitmap do not both offer a page", () => {
    const go = boot();
    expect(go.pageCache()).toMatchObject({ base: null, free: 0 });
    go.new(uint8); // grows the heap, and takes its page from there
    go.malloc(64); // finds pages, and takes 64 of them
    const cache = go.pageCache();
    const free = go.pages().chunks[0].free;
    expect(cache).toMatchObject({ base: "0xc000000000", free: 62 });
    expect(free).toBe(512 - 64);
  });
});

describe("an mcentral", () => {
  test("a heap that checks itself sees the slot cache right at every slot of a span", () => {
    const go = boot({ check: "step" });
    for (let i = 0; i < 130; i++) go.malloc(16);
    expect(go.memstats().Mallocs).toBe(130);
  });
  test("[A024] a span moves from swept to unswept when a cycle ends, and comes back when it is swept", () => {
    const go = boot({ check: "step" });
    const refs: Ref[] = Array.from({ length: 600 }, () => go.malloc(16));
    const spc = go.where(refs[0]).spanclass;
    expect(go.mcentral(spc).fullSwept).toHaveLength(1);
    go.startSweep({ live: refs.filter((_, i) => i % 2 === 0) });
    const during = go.mcentral(spc);
    expect(during.fullUnswept).toHaveLength(1);
    expect(during.partialSwept).toHaveLength(1); // the one that the P had in hand: flushed, and swept as it came in
    expect(during.fullUnswept[0].sweepgen).toBe(during.sweepgen - 2);
    while (go.sweepone() >= 0);
    const after = go.mcentral(spc);
    expect(after.partialSwept.length).toBe(2);
    expect(after.partialSwept.every((s) => s.sweepgen === after.sweepgen)).toBe(true);
  });
  test.each([-1, 136, 1.5])("there is no span class %d", (n) => {
    expect(code(() => boot().mcentral(n))).toBe("cell/option");
  });
});

describe("addresses", () => {
  test("[A004] the first object's arena, chunk and page", () => {
    const go = boot();
    const a = go.arena(go.new(int64));
    expect(a).toMatchObject({ arena: 2 ** 21 + 0xc000000000 / (64 * MIB), page: 0, chunkPage: 0, isMapped: true });
    expect(a.arenaBase).toBe("0xc000000000");
    expect(go.arena("0xc00000201a")).toMatchObject({ page: 1, pageOffset: 26 });
    expect(go.arena("0xffff800000000000".slice(0, 14)).isMapped).toBe(false);
  });
  test.each(["", "12", "0x", "0xg", "0x1000000000000", 5])("%j is no address", (text) => {
    expect(code(() => boot().arena(text as string))).toBe("cell/address");
  });
  test("segments do not overlap and stand in order", () => {
    const go = boot({ windowBytes: 64 * MIB });
    go.goroutine("main").locals({ p: pointer(int64) });
    go.malloc(MIB);
    const rows = go.segments();
    for (let i = 1; i < rows.length; i++) {
      const isSame = rows[i - 1].from.length === rows[i].from.length;
      if (isSame) expect(rows[i].from >= rows[i - 1].to).toBe(true);
    }
    expect(new Set(rows.map((r) => r.kind))).toEqual(new Set(["data", "runtime", "heap", "stack", "reserved"]));
    expect(rows.filter((r) => !["data", "runtime"].includes(r.kind)).reduce((n, r) => n + r.bytes, 0)).toBe(64 * MIB);
  });
  test("the runtime's records: an mcache for each P, as MemStats counts them", () => {
    const go = boot({ procs: 6 });
    const row = go.records().find((r) => r.name === "mcache")!;
    expect(row).toEqual({ name: "mcache", bytes: 2296, count: 6, total: 13776, from: "fixalloc" });
    expect(go.memstats().MCacheInuse).toBe(13776);
    go.new(int64);
    const spans = go.records().find((r) => r.name === "mspan")!;
    expect(spans.total).toBe(go.memstats().MSpanInuse);
  });
});

describe("a slot", () => {
  test("keeps the bytes of its dead object until it is given out again", () => {
    const go = boot({ check: "step" });
    const T = struct("T", { a: int64, b: int64 });
    const keep = go.new(T);
    const r = go.new(T);
    r.a = 0x11;
    go.sweep({ live: [keep] });
    expect(r.isFreed).toBe(true);
    expect(go.slot(r)).toMatchObject({ isAllocated: false, needzero: 1, bytes: `11${"00".repeat(15)}` });
    expect(go.slot(go.new(T)).bytes).toBe("00".repeat(16));
    expect(code(() => go.slot("0xc004000000"))).toBe("cell/address");
  });
});

describe("watching", () => {
  test("the heap is seen in the middle of an operation", () => {
    const go = boot();
    const seen = go.watch(
      () => go.new(int64),
      (e) => (e.kind === "cacheSpan" ? go.pageCache().free : undefined),
    );
    expect(seen).toEqual([0]); // the first span comes straight from the page heap
  });
  test("what changes the heap is refused, and the operation still ends well", () => {
    const go = boot({ check: "step" });
    const first = go.new(int64);
    for (const change of [() => go.new(int64), () => go.memstats(), () => first.set(1), () => go.sweep()]) {
      expect(code(() => go.watch(() => go.new(int64), change))).toBe("cell/watching");
    }
    expect(go.memstats().Mallocs).toBe(5);
  });
});

describe("an address space", () => {
  test("reserving costs addresses, touching costs memory, releasing gives it back", () => {
    const os = addressSpace({ bytes: 1024 * MIB });
    const r = os.reserve(1024 * MIB);
    expect(os.figures).toEqual({ virtual: 1024 * MIB, committed: 0, resident: 0, faults: 0 });
    expect(code(() => r.touch(0))).toBe("cell/fault");
    r.map(0, MIB)
      .touch(0, 3 * 4096)
      .touch(4096);
    expect(os.figures).toEqual({ virtual: 1024 * MIB, committed: MIB, resident: 12288, faults: 3 });
    r.release(0, 8192);
    expect(os.figures.resident).toBe(4096);
    r.unmap();
    expect(os.figures).toMatchObject({ virtual: 0, committed: 0, resident: 0 });
  });
  test.each([
    [() => addressSpace({ bytes: 5 }), "cell/option"],
    [() => addressSpace({ bytes: 64 * MIB }).reserve(65 * MIB), "cell/size"],
    [() => addressSpace({ bytes: 64 * MIB }).reserve(0), "cell/size"],
    [
      () =>
        addressSpace({ bytes: 64 * MIB })
          .reserve(4096)
          .map(1, 4096),
      "cell/size",
    ],
    [
      () =>
        addressSpace({ bytes: 64 * MIB })
          .reserve(4096)
          .touch(4096),
      "cell/size",
    ],
  ])("wrong numbers are refused with a code: %#", (body, want) => {
    expect(code(body)).toBe(want);
  });
});

describe("the generator of size classes", () => {
  test("with Go's limit it makes Go's table, with a wider one fewer pages a span, and less fits", () => {
    expect(sizeClasses()).toHaveLength(67);
    expect(sizeClasses(1 / 8)).toEqual(sizeClasses());
    expect(sizeClasses(1 / 64).length).not.toBe(67);
    expect(() => sizeClasses(0)).toThrow(RangeError);
    for (const c of sizeClasses(1 / 32)) expect(c.tailWaste / c.spanBytes).toBeLessThanOrEqual(1 / 32);
  });
});
