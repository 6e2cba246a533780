import { describe, expect, test } from "vitest";
import {
  array,
  bool,
  boot,
  CellError,
  complex128,
  eface,
  float32,
  int8,
  int32,
  int64,
  Panic,
  type Process,
  pointer,
  type Ref,
  slice,
  string,
  struct,
  uint8,
  uint16,
  unsafePointer,
} from "../../engine/index.ts";

const Node = struct("Node", { next: pointer("Node"), value: int64 });

/** The code of the CellError that `body` throws. */
function code(body: () => unknown): string {
  try {
    body();
  } catch (e) {
    if (e instanceof CellError) return e.code;
    throw e;
  }
  return "none";
}

describe("allocating", () => {
  test("three small values share one tiny block", () => {
    const go = boot({ check: "step" });
    const rows = [go.new(uint8), go.new(uint8), go.new(uint8)].map(go.where);
    expect(rows.map((r) => [r.path, r.address, r.slot, r.offset])).toEqual([
      ["tiny", "0xc000000000", 0, 0],
      ["tiny", "0xc000000001", 0, 1],
      ["tiny", "0xc000000002", 0, 2],
    ]);
    expect(go.memstats().Mallocs).toBe(3);
  });

  test("the six ways", () => {
    const go = boot({ check: "step" });
    const path = (n: number, t = pointer(uint8)) => go.where(go.new(array(n, t))).path;
    expect([path(0), path(64), path(65), path(4096)]).toEqual(["zero", "small scan", "small scan, header", "large"]);
    expect([path(15, uint8), path(16, uint8), path(32761, uint8)]).toEqual(["tiny", "small noscan", "large"]);
    expect(go.where(go.new(array(65, pointer(uint8))))).toMatchObject({ header: true, offset: 8, elemsize: 576 });
    expect(go.where(go.new(struct({})))).toMatchObject({ span: null, slot: null, offset: null, elemsize: 0 });
  });

  test("make checks its arguments as Go does", () => {
    const go = boot();
    expect(() => go.make(int64, -1)).toThrow(new Panic("runtime error: makeslice: len out of range"));
    expect(() => go.make(int64, 2, 1)).toThrow("runtime error: makeslice: cap out of range");
    expect(() => go.make(int64, 2 ** 46)).toThrow("runtime error: makeslice: len out of range");
    const s = go.make(int64, 3, 8);
    expect([s.length, go.where(s).elemsize]).toEqual([3, 64]);
  });

  test("[A125] the options of a process offer none of what Go leaves off", () => {
    expect(() => boot({ procs: 0 })).toThrow("procs is 0: use an integer from 1 to 256");
    expect(code(() => boot({ procs: 1.5 }))).toBe("cell/option");
    expect(code(() => boot({ seed: 0.5 }))).toBe("cell/option");
  });

  test("a random base is drawn from the seed, and differs from the fixed one", () => {
    const [a, b, c] = [
      boot({ base: "random", seed: 7 }),
      boot({ base: "random", seed: 7 }),
      boot({ base: "random", seed: 8 }),
    ];
    const address = (go: Process) => go.new(Node).address;
    expect(address(a)).toBe(address(b));
    expect(a.heapBase).not.toBe(c.heapBase);
    expect([boot().heapBase, boot().new(Node).address]).toEqual(["0xc000000000", "0xc000000000"]);
  });
});

describe("handles", () => {
  test("fields and elements are read and written in the heap's bytes", () => {
    const go = boot({ check: "step" });
    const All = struct("All", { b: bool, i: int8, u: uint16, f: float32, c: complex128, n: int64, a: array(3, int32) });
    const x = go.new(All);
    Object.assign(x, { b: true, i: -5, u: 65535, f: 1.5, n: -(2 ** 52) });
    x.c = [1, -2];
    x.a[1] = -7;
    expect([x.b, x.i, x.u, x.f, x.n, x.c, x.a[0], x.a[1], x.a.length]).toEqual([
      true,
      -5,
      65535,
      1.5,
      -(2 ** 52),
      [1, -2],
      0,
      -7,
      3,
    ]);
    const list = go.make(uint16, 4);
    list[3] = 9;
    expect([list.get(3), list[0]]).toEqual([9, 0]);
    const one = go.new(int64);
    one.set(42);
    expect(one.get()).toBe(42);
  });

  test("a pointer leads to the object it was given, with its type", () => {
    const go = boot({ check: "step" });
    const [a, b] = [go.new(Node), go.new(Node)];
    a.next = b;
    b.value = 7;
    expect([a.next.address, a.next.value, a.next.next, a.next.type]).toEqual([b.address, 7, null, Node]);
    a.next = null;
    expect(a.next).toBe(null);
    const Box = struct("Box", { s: slice(Node), any: eface, raw: unsafePointer, text: string });
    const box = go.new(Box);
    box.s = go.make(Node, 3);
    box.s[2].value = 5;
    box.any = b;
    box.raw = box.s[1];
    box.text = go.make(uint8, 5);
    expect([box.s.length, box.s[2].value, box.any.value, box.raw.address]).toEqual([3, 5, 7, box.s[1].address]);
    expect(box.text.length).toBe(5);
  });

  test("a pointer into the array of a slice leads to the element there, with the element's type", () => {
    const go = boot({ check: "step" });
    const [a, nodes] = [go.new(Node), go.make(Node, 3)];
    nodes[0].value = 10;
    nodes[2].value = 12;
    for (const i of [0, 2]) {
      a.next = nodes[i];
      expect([a.next.type, a.next.address, a.next.value, a.next.size, a.next.length]).toEqual([
        Node,
        nodes[i].address,
        10 + i,
        16,
        0,
      ]);
    }
    a.next.next = nodes[1]; // through the pointer, into the third node
    expect([nodes[2].next.address, nodes[1].address]).toEqual([a.next.next.address, a.next.next.address]);
    const Typed = struct("Typed", { first: pointer(Node), any: eface, raw: unsafePointer, all: slice(Node) });
    const t = go.new(Typed);
    Object.assign(t, { first: nodes, any: nodes[2], raw: nodes[1], all: nodes });
    expect([t.first.type, t.any.type, t.raw.type, t.all.length]).toEqual([Node, Node, Node, 3]);
    expect([t.first.value, t.any.value]).toEqual([10, 12]);
  });

  test("a pointer to a field leads to the field", () => {
    const go = boot({ check: "step" });
    const Pair = struct("Pair", { a: Node, b: Node });
    const [pair, node] = [go.new(Pair), go.new(Node)];
    pair.b.value = 5;
    node.next = pair.b;
    expect([node.next.type, node.next.value, node.next.size]).toEqual([Node, 5, 16]);
  });

  test("following a swept object is an error that says so", () => {
    const go = boot({ check: "step" });
    const [a, b] = [go.new(Node), go.new(Node)];
    a.next = b;
    expect(go.sweep({ live: [a] })).toEqual({ freedObjects: 1, freedBytes: 16, freedSpans: 0 });
    expect([a.isFreed, b.isFreed]).toEqual([false, true]);
    expect(() => b.value).toThrow("was swept");
    expect(() => a.next.value).toThrow("was swept");
    expect(code(() => go.where(b))).toBe("cell/freed");
    expect(code(() => go.sweep({ live: [b] }))).toBe("cell/freed");
    const again = go.new(Node);
    expect(again.address).toBe(b.address); // the slot has a new tenant
    expect([b.isFreed, again.isFreed, code(() => b.value)]).toEqual([true, false, "cell/freed"]);
  });

  test("in a lazy sweep an object is freed when its span is swept", () => {
    const go = boot({ check: "step" });
    const [a, b] = [go.new(array(100, uint8)), go.new(array(40000, uint8))];
    go.memstats();
    go.startSweep();
    expect([go.isSweepDone, a.isFreed, b.isFreed]).toEqual([false, false, false]);
    expect(go.sweepone()).toBe(5); // span class 1, the large one, comes first
    expect([a.isFreed, b.isFreed]).toEqual([false, true]);
    expect([go.sweepone(), go.sweepone(), go.isSweepDone, a.isFreed]).toEqual([1, -1, true, true]);
  });

  test.each<[string, (go: Process, x: Ref) => unknown, string]>([
    ["an unknown field is read", (_, x) => x.nxet, "cell/no-field"],
    ["an unknown field is written", (_, x) => x.set("nxet", 1), "cell/no-field"],
    ["a number goes into a pointer", (_, x) => x.set("next", 5), "cell/type"],
    ["a pointer to another type is stored", (go, x) => x.set("next", go.new(int64)), "cell/type"],
    ["an object of another process is stored", (_, x) => x.set("next", boot().new(Node)), "cell/other-process"],
    ["text goes into a number", (_, x) => x.set("value", "7"), "cell/value"],
    ["a number is too large for its type", (go) => go.new(uint8).set(256), "cell/value"],
    ["a number is not whole", (_, x) => x.set("value", 0.5), "cell/value"],
    ["an index is out of range", (go) => go.make(int64, 3, 8)[3], "cell/index"],
    ["an index is negative", (go) => go.malloc(8)[-1], "cell/index"],
    ["a struct is overwritten whole", (_, x) => x.set(5), "cell/no-field"],
    ["a handle's address is set", (_, x) => Object.assign(x, { address: "0x0" }), "cell/read-only"],
    ["malloc is given part of an element", (go) => go.malloc(20, Node), "cell/size"],
    ["a size is not whole", (go) => go.malloc(1.5), "cell/size"],
    ["a P does not exist", (go) => go.on(1), "cell/proc"],
    ["something else is asked where it lies", (go) => go.where({} as Ref), "cell/type"],
  ])("%s: an error, and the heap is as before", (_name, body, want) => {
    const go = boot({ check: "step" });
    const x = go.new(Node);
    x.value = 1;
    expect(code(() => body(go, x))).toBe(want);
    expect([x.next, x.value]).toEqual([null, 1]);
    go.sweep({ live: [x] });
  });
});

describe("Ps and goroutines", () => {
  test("[A078] a goroutine allocates from the P that it runs on, also after it has moved", () => {
    const go = boot({ procs: 2, check: "step" });
    const g = go.goroutine("main");
    const a = g.new(Node);
    g.moveTo(1);
    const [b, c] = [g.new(Node), go.on(1).new(Node)];
    g.moveTo(0);
    const d = g.new(Node);
    const rows = [a, b, c, d].map(go.where);
    expect(rows.map((r) => r.p)).toEqual([0, 1, 1, 0]);
    expect([rows[0].span === rows[3].span, rows[1].span === rows[2].span, rows[0].span === rows[1].span]).toEqual([
      true,
      true,
      false,
    ]);
    expect(go.memstats().MCacheInuse).toBe(2 * 2296);
    expect([g.name, g.p, go.procs]).toEqual(["main", 0, 2]);
  });
});

describe("watching", () => {
  test("the steps of an allocation, by name", () => {
    const go = boot({ check: "step" });
    go.new(Node);
    const steps = go.trace(() => go.new(Node));
    expect(steps.map((e) => e.kind)).toEqual(["mallocgc", "path", "nextFreeFast", "mallocDone"]);
    expect(steps[1].path).toBe("small scan");
    expect(go.trace(() => go.new(array(200, uint8))).find((e) => e.kind === "cacheSpan")?.from).toBe("grow");
  });

  test("[A041] locks by name; none where the caches have what is needed", () => {
    const go = boot();
    go.new(Node);
    expect(go.locks(() => go.new(Node))).toEqual([]);
    expect(go.locks(() => go.new(array(200_000, uint8)))).toContain("mheap");
  });

  test("span, mcache, tiny block, metrics and snapshot agree", () => {
    const go = boot();
    const x = go.new(Node);
    go.new(uint8);
    const [scanSpan, tinySpan] = go.mcache();
    expect(go.span(x)).toMatchObject({
      startAddr: scanSpan.span,
      freeindex: 1,
      allocCount: 1,
      nelems: 496,
      state: "mSpanInUse",
    });
    expect([scanSpan.spanclass, tinySpan.spanclass, go.tiny().tinyoffset]).toEqual([4, 5, 1]);
    expect(go.tiny().address).toBe(tinySpan.span);
    expect([go.metrics()["/gc/heap/allocs:objects"], go.heapLive]).toEqual([0, 16384]);
    const shot = go.snapshot();
    expect(shot.spans.map((s) => s.base)).toEqual([scanSpan.span, tinySpan.span]);
    expect(shot.sweepgen).toBe(go.sweepgen);
  });

  test("[A128] equal programs leave equal bytes", () => {
    const run = () => {
      const go = boot({ procs: 2 });
      const nodes = Array.from({ length: 100 }, (_, i) => go.on(i % 2).new(Node));
      go.sweep({ live: nodes.filter((_, i) => i % 3 === 0) });
      return go.hash();
    };
    expect(run()).toBe(run());
    expect(run()).not.toBe(boot({ procs: 2 }).hash());
  });
});
