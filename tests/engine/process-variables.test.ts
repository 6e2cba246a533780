/** Goroutines with stacks, their locals, global variables, and append, as a cell uses them. */
import { describe, expect, test } from "vitest";
import { boot, int, int64, pointer, struct } from "../../engine/index.ts";

const Node = struct("Node", { next: pointer("Node"), value: int });

describe("locals", () => {
  test("they are variables in a frame: zero at first, of their types, and gone after the return", () => {
    const go = boot({ check: "step" });
    const g = go.goroutine("main");
    expect(g.stack).toBeNull();
    const f = g.locals({ head: pointer(Node), n: int });
    expect([f.head, f.n, g.stack?.size]).toEqual([null, 0, 2048]);
    f.n = 42;
    f.head = go.new(Node);
    f.head.value = 7;
    expect([f.n, f.head.value, f.get("n")]).toEqual([42, 7, 42]);
    expect(() => f.tail).toThrow("there is no variable tail: there are head, n");
    expect(() => f.set("n", "x")).toThrow("no value of type int");
    f.return();
    expect(() => f.n).toThrow("n is gone: its function has returned");
    expect(() => g.locals({})).toThrow("goroutine main has ended");
    expect(g.stack).toBeNull();
  });

  test("a local is a root: what it points to outlives a sweep, what nothing points to does not", () => {
    const go = boot({ check: "step" });
    const f = go.goroutine("main").locals({ kept: pointer(Node) });
    const [kept, dropped] = [go.new(Node), go.new(Node)];
    f.kept = kept;
    go.sweep();
    expect([kept.isFreed, dropped.isFreed, f.kept.address]).toEqual([false, true, kept.address]);
    f.kept = null;
    go.sweep();
    expect(kept.isFreed).toBe(true);
  });

  test("a deep call moves the stack: locals keep their values, a pointer to a local follows it", () => {
    const go = boot({ check: "step" });
    const g = go.goroutine("main");
    const f = g.locals({ x: int, p: pointer(int) });
    f.x = 99;
    f.pointTo("p", f, "x");
    expect(f.p).toBe(f.addressOf("x"));
    const [before, size] = [f.addressOf("x"), g.stack!.size];
    const deep = g.locals({ y: int }, 10_000);
    deep.y = 1;
    expect([g.stack!.size > size, f.addressOf("x") === before]).toEqual([true, false]);
    expect([f.x, f.p, deep.y]).toEqual([99, f.addressOf("x"), 1]);
    deep.return();
    for (let i = 0; i < 5; i++) go.sweep();
    expect([g.stack!.size, f.x, f.p]).toEqual([2048, 99, f.addressOf("x")]);
    expect(() => f.pointTo("x", f, "p")).toThrow("x of type int cannot point to p");
  });

  test("returning from a function leaves those that it has called as well", () => {
    const go = boot({ check: "step" });
    const g = go.goroutine("main");
    const outer = g.locals({ a: int });
    const middle = g.locals({ b: int });
    const innermost = g.locals({ c: int });
    const used = g.stack!.used;
    middle.return();
    expect(() => innermost.c).toThrow("its function has returned");
    expect([outer.a, g.stack!.used < used]).toEqual([0, true]);
    outer.return();
    expect(g.stack).toBeNull();
  });

  test("goroutines one after another share a stack; the figures show it", () => {
    const go = boot({ check: "step" });
    const lo = Array.from({ length: 3 }, (_, i) => {
      const g = go.goroutine(`g${i}`);
      const f = g.locals({ n: int });
      const { lo } = g.stack!;
      f.return();
      return lo;
    });
    expect(new Set(lo).size).toBe(1);
    const stats = go.memstats();
    expect([stats.StackInuse, stats.BySize[25].Size, stats.BySize[25].Mallocs]).toEqual([32768, 480, 1]);
    expect(go.metrics()["/sched/goroutines-created:goroutines"]).toBe(3);
  });

  test("a goroutine without locals is a name: it takes nothing from the heap", () => {
    const go = boot();
    for (let i = 0; i < 100; i++) go.goroutine(`g${i}`).exit();
    expect([go.memstats().Mallocs, go.memstats().StackInuse]).toEqual([0, 0]);
  });
});

describe("globals", () => {
  test("what a global variable points to lives", () => {
    const go = boot({ check: "step" });
    const first = go.globals({ root: pointer(Node) });
    const second = go.globals({ n: int, other: pointer(Node) });
    const [a, b, c] = [go.new(Node), go.new(Node), go.new(Node)];
    first.root = a;
    second.other = b;
    second.n = 5;
    go.sweep();
    expect([a.isFreed, b.isFreed, c.isFreed, second.n]).toEqual([false, false, true, 5]);
    expect(() => first.return()).toThrow("global variables stay");
    expect(() => go.globals({ node: Node })).toThrow("variable node has parts");
  });
});

describe("append", () => {
  /** Recorded with go 1.26.8: a []int64 of the package, grown one by one. */
  test("a slice has room for 1, 2, 4, 8, 16; while there is room, it is the same array", () => {
    const go = boot({ check: "step" });
    let s = go.append(int64, 0);
    const caps = [s.size / 8];
    for (let i = 1; i < 9; i++) {
      s = go.append(s, i);
      caps.push(s.size / 8);
    }
    expect(caps).toEqual([1, 2, 4, 4, 8, 8, 8, 8, 16]);
    expect(s.length).toBe(9);
    expect(Array.from({ length: 9 }, (_, i) => s[i])).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    const again = go.append(s, 9, 10);
    expect([again.address === s.address, again.length]).toEqual([true, 11]);
    expect(() => go.append(go.new(Node), 1)).toThrow("append needs a slice");
  });
});
