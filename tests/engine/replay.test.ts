/** Traces of allocations, read and run through Go's allocator, and through the one beside it. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { parseTrace, type Replay, replay } from "../../engine/process/replay.ts";
import { replayOffheap } from "../../engine/process/replay_offheap.ts";

const MIB = 1024 * 1024;

const lines = (...steps: object[]) => steps.map((s) => JSON.stringify(s)).join("\n");

/** Every sum that must hold of a result, by its own recount. */
function checkSums(r: Replay): void {
  for (const s of [...r.spans, r.waste]) {
    expect(s.asked + s.internal + s.garbage + s.free + s.reserved + s.tail).toBe(s.bytes);
    for (const part of [s.asked, s.internal, s.garbage, s.free, s.reserved, s.tail])
      expect(part).toBeGreaterThanOrEqual(0);
  }
  expect(r.waste.bytes).toBe(r.spans.reduce((n, s) => n + 8192 * s.npages, 0));
  expect(r.waste.asked).toBe(r.asked);
  expect([...r.pageMap].filter((c) => c !== ".").length * 8192).toBe(r.waste.bytes);
  expect(r.memstats.HeapInuse).toBe(r.waste.bytes);
  expect(r.allocs - r.frees).toBe(r.liveObjects);
}

describe("a trace in Go's heap", () => {
  test("shows for each span where its bytes go", () => {
    const r = replay(
      lines(
        { type: "Node", size: 16, pointers: "10" },
        { id: 1, type: "Node" },
        { id: 2, type: "Node", count: 3 },
        { id: 3, size: 100 },
        { id: 4, size: 5 },
        { id: 5, size: 6 },
        { id: 6, size: 40_000, pointers: true },
        { id: 7, size: 0 },
      ),
    );
    checkSums(r);
    const row = (elemsize: number) => r.spans.find((s) => s.elemsize === elemsize)!;
    expect(row(16)).toMatchObject({ sizeclass: 2, live: 1, internal: 0, npages: 1 });
    expect(row(48)).toMatchObject({ live: 1, asked: 48, noscan: false });
    expect(row(112)).toMatchObject({ live: 1, asked: 100, internal: 12, noscan: true });
    expect(row(40_960)).toMatchObject({ live: 1, sizeclass: 0, internal: 960, noscan: false });
    const tiny = r.spans.filter((s) => s.elemsize === 16 && s.noscan);
    expect(tiny.map((s) => [s.live, s.asked, s.internal])).toEqual([[1, 11, 5]]); // 5 and 6 bytes in one block
    expect([r.liveObjects, r.asked, r.cycles]).toEqual([7, 16 + 48 + 100 + 11 + 40_000, 0]);
  });

  test("a freed object is garbage until a collection, and then its slot is free", () => {
    const steps = [{ id: 1, size: 64 }, { id: 2, size: 64 }, { free: 1 }];
    expect(replay(steps).waste).toMatchObject({ asked: 64, garbage: 64 });
    const after = replay([...steps, { gc: true }]);
    expect(after.waste).toMatchObject({ asked: 64, garbage: 0 });
    expect([after.cycles, after.memstats.Frees]).toEqual([1, 1]);
    checkSums(after);
  });

  test("a tiny block dies with its last tenant", () => {
    const steps = [{ id: "a", size: 8 }, { id: "b", size: 8 }, { id: "c", size: 8 }, { free: "a" }, { gc: true }];
    expect(replay(steps).waste).toMatchObject({ asked: 16, internal: 16, garbage: 0 });
    expect(replay([...steps, { free: "b" }, { gc: true }]).waste).toMatchObject({ asked: 8, garbage: 0, internal: 8 });
  });

  test("collections run by themselves when the heap has grown by gogc percent, from 4 MiB on", () => {
    const churn: object[] = [];
    for (let i = 0; i < 40_000; i++) churn.push({ id: i, size: 1024 }, { free: i });
    const usual = replay(churn);
    checkSums(usual);
    expect(usual.cycles).toBe(9); // 40 MB in steps of 4 MiB
    expect(usual.peakInUse).toBeLessThan(5 * MIB);
    expect(replay(churn, { gogc: 400 }).cycles).toBe(2);
    const never = replay(churn, { gogc: -1 });
    expect([never.cycles, never.waste.garbage]).toEqual([0, 40_000 * 1024]);
  });

  test("Ps have spans of their own", () => {
    const steps = [
      { id: 1, size: 64, p: 0 },
      { id: 2, size: 64, p: 1 },
    ];
    expect(replay(steps, { procs: 2 }).spans.map((s) => s.live)).toEqual([1, 1]);
    expect(() => replay(steps)).toThrow("line 2: there is no P 1: replay with procs 2 or more");
  });

  test("the series follows what is asked for, and the page map shows spans by kind", () => {
    const r = replay(
      Array.from({ length: 1000 }, (_, i) => ({ id: i, size: i % 100 === 0 ? 50_000 : 512 })),
      { points: 10 },
    );
    expect(r.series.map((p) => p.line)).toEqual([100, 200, 300, 400, 500, 600, 700, 800, 900, 1000]);
    expect(r.series[9].asked).toBe(r.asked);
    expect(r.series[9].heapInUse).toBe(r.waste.bytes);
    expect(r.pageMap).toMatch(/^[sl]+\.*$/);
    expect(r.pageMap.match(/l/g)).toHaveLength(10 * 7);
    checkSums(r);
  });

  test("an empty trace leaves an empty heap", () => {
    const r = replay("# nothing\n\n");
    expect([r.lines, r.allocs, r.spans, r.waste.bytes, r.series]).toEqual([0, 0, [], 0, []]);
  });

  test("law: the parts of every span add up to it, and equal traces give equal results", () => {
    const step = fc.record({
      size: fc.oneof(
        fc.integer({ min: 0, max: 40 }),
        fc.integer({ min: 0, max: 3000 }),
        fc.integer({ min: 0, max: 90_000 }),
      ),
      hasPointers: fc.boolean(),
      frees: fc.nat({ max: 3 }),
      gc: fc.integer({ min: 0, max: 19 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (list) => {
        const trace: object[] = [];
        const live: number[] = [];
        list.forEach((s, i) => {
          const size = s.hasPointers ? s.size - (s.size % 8) : s.size;
          trace.push({ id: i, size, pointers: s.hasPointers });
          live.push(i);
          for (let k = 0; k < s.frees && live.length > 3; k++)
            trace.push({ free: live.splice((s.size * 7) % live.length, 1)[0] });
          if (s.gc === 0) trace.push({ gc: true });
        });
        const r = replay(trace);
        checkSums(r);
        const text = replay(trace.map((t) => JSON.stringify(t)).join("\n"));
        expect({ ...text, lines: 0 }).toEqual({ ...r, lines: 0 });
      }),
      { numRuns: 25 },
    );
  });

  test("a hundred thousand steps take under five seconds", () => {
    const trace: object[] = [];
    for (let i = 0; i < 50_000; i++) {
      trace.push({ id: i, size: (i * 37) % 2000 });
      if (i >= 5_000) trace.push({ free: i - 5_000 });
    }
    const started = performance.now();
    const r = replay(trace);
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(r.cycles).toBeGreaterThan(3);
    checkSums(r);
  });
});

describe("a line that is wrong is named", () => {
  test.each<[string, string, string]>([
    ["no JSON", '{"id": 1', 'line 1: this is no JSON: {"id": 1'],
    ["no object", "\n[1]", 'line 2: a step is an object, such as {"id": 1, "size": 24}'],
    ["nothing to do", "{}", 'line 1: a step has one of the fields "id", "free", "gc" and "type"'],
    ["no size", '{"id": 1}', 'line 1: "size" is missing: use an integer from 0 to 1073741824'],
    ["a negative size", '{"id": 1, "size": -1}', 'line 1: "size" is -1: use an integer from 0 to 1073741824'],
    ["a misspelt field", '{"id": 1, "size": 8, "pointer": true}', 'line 1: field "pointer" is not known here'],
    ["an id that lives", '{"id": 1, "size": 8}\n{"id": 1, "size": 8}', "line 2: object 1 lives already"],
    ["a free of nothing", '{"free": 1}', "line 1: object 1 is freed, but does not live"],
    ["a free twice", '{"id": 1, "size": 8}\n{"free": 1}\n{"free": 1}', "line 3: object 1 is freed, but does not live"],
    ["an unknown type", '{"id": 1, "type": "Node"}', "line 1: type Node is not known: declare it on a line before"],
    ["a type twice", '{"type": "N", "size": 8}\n{"type": "N", "size": 8}', "line 2: type N was declared before"],
    ["a type and a size", '{"type": "N", "size": 8}\n{"id": 1, "type": "N", "size": 8}', 'line 2: a "type" has a size'],
    ["too many words", '{"id": 1, "size": 16, "pointers": "111"}', 'line 1: "pointers" has 3 digits'],
    ["pointers in odd bytes", '{"id": 1, "size": 12, "pointers": true}', "line 1: 12 bytes cannot hold pointers"],
    [
      "a mask of letters",
      '{"id": 1, "size": 16, "pointers": "yes"}',
      'line 1: "pointers" is true, false, or one digit',
    ],
    ["gc: false", '{"gc": false}', 'line 1: "gc" can only be true'],
    ["an id of another kind", '{"id": [1], "size": 8}', 'line 1: "id" is an object\'s id'],
    [
      "too much",
      '{"type": "B", "size": 1024}\n{"id": 1, "type": "B", "count": 1048577}',
      "line 2: 1073742848 bytes are more",
    ],
  ])("%s", (_name, trace, message) => {
    let error: { message: string; code: string; args: { line: number } } | undefined;
    try {
      parseTrace(trace);
    } catch (e) {
      error = e as typeof error;
    }
    expect(error?.message).toContain(message);
    expect(error?.code).toBe("cell/trace");
    expect(error?.message.startsWith(`line ${error.args.line}:`)).toBe(true);
  });

  test("an id may be used again after its object was freed", () => {
    expect(parseTrace('{"id": 1, "size": 8}\n{"free": 1}\r\n{"id": 1, "size": 9}')).toHaveLength(3);
  });

  test.each([{ procs: 0 }, { gogc: -2 }, { gogc: 0.5 }, { points: 1 }])(
    "an option out of range is refused: %o",
    (o) => {
      expect(() => replay("", o)).toThrow(/use an integer/);
    },
  );
});

describe("the same trace in the jemalloc-style allocator", () => {
  const trace = [
    { id: 1, size: 100, site: "a" },
    { id: 2, size: 20_000 },
    { id: 3, size: 100, p: 1 },
    { free: 2 },
    { gc: true },
  ];

  test("frees take effect at once", () => {
    const r = replayOffheap(trace, { threads: 2 });
    expect([r.allocs, r.frees, r.liveObjects, r.asked, r.peakAsked]).toEqual([3, 1, 2, 200, 20_200]);
    const { active, asked, internal, cached, free } = r.waste;
    expect(active).toBe(asked + internal + cached + free);
    expect(internal).toBe(24);
    expect(cached).toBeGreaterThan(20_000);
    expect(r.series.map((p) => p.asked)).toEqual([100, 20_100, 20_200, 200, 200]);
  });

  test("a step on a thread that is not there names its line", () => {
    expect(() => replayOffheap(trace)).toThrow("line 3: there is no thread 1: replay with threads 2 or more");
  });

  test("pages decay between the steps when they take time", () => {
    const steps: object[] = [{ id: 0, size: 1_000_000 }, { free: 0 }];
    for (let i = 1; i <= 100; i++) steps.push({ id: i, size: 8 });
    const still = replayOffheap(steps).figures;
    const aged = replayOffheap(steps, { msPerStep: 150 }).figures;
    expect([still.dirty > 900_000, aged.dirty]).toEqual([true, 0]);
  });
});

describe("npm run replay", () => {
  const folder = mkdtempSync(join(tmpdir(), "replay-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const run = (args: string[], input?: string) => {
    const script = join(import.meta.dirname, "../../scripts/replay.ts");
    const r = spawnSync(process.execPath, ["--no-warnings", script, ...args], { encoding: "utf8", input: input ?? "" });
    return { status: r.status, out: r.stdout, err: r.stderr };
  };
  const trace = '{"id": 1, "size": 100}\n{"id": 2, "size": 40000}\n{"free": 1}\n';
  const file = join(folder, "trace.jsonl");
  writeFileSync(file, trace);
  writeFileSync(`${file}.gz`, gzipSync(trace));
  writeFileSync(join(folder, "bad.jsonl"), `${trace}{"free": 1}\n`);

  test("prints figures, waste, classes and a page map; compressed traces alike", () => {
    const plain = run([file]);
    expect(plain).toMatchObject({ status: 0, err: "" });
    expect(plain.out).toContain("2 allocations, 1 frees, 0 collections; 1 objects live");
    expect(plain.out).toMatch(/all spans +48\.0 KiB +100\.0 %/);
    expect(plain.out).toContain("slllll");
    expect(run([`${file}.gz`])).toEqual(plain);
    expect(run(["-"], trace)).toEqual(plain);
  });

  test("gives the whole result as JSON", () => {
    const { status, out } = run([file, "--json", "--gogc=-1", "--procs=2"]);
    expect([status, JSON.parse(out).waste.asked]).toEqual([0, 40_000]);
  });

  test.each<[string, string[], number, string]>([
    ["a malformed line", [join(folder, "bad.jsonl")], 2, "bad.jsonl: line 4: object 1 is freed, but does not live"],
    ["a file that is not there", [join(folder, "none")], 2, "no such file"],
    ["an unknown option", [file, "--fast"], 2, "unknown option --fast"],
    ["no trace", [], 2, "usage: npm run replay"],
    ["a window of odd length", [file, "--window=100"], 2, "use a multiple of 64 MiB"],
  ])("%s is refused", (_name, args, status, text) => {
    const r = run(args);
    expect(r.status).toBe(status);
    expect(r.err).toContain(text);
  });

  test("a trace that does not fit into memory ends with Go's own text", () => {
    const r = run(["-", "--window=64"], '{"id": 1, "size": 100000000}\n');
    expect(r.status).toBe(1);
    expect(r.err).toContain("out of memory");
  });
});
