import { gzipSync } from "node:zlib";
import fc from "fast-check";
import type { HeapSnapshot, SpanSnapshot } from "goheap/observe";
import { h } from "preact";
import { renderToString } from "preact-render-to-string";
import { describe, expect, test } from "vitest";
import { boot, int64, pointer, type Ref, struct } from "../../engine/index.ts";
import { figure, logAxis, niceAxis } from "../../src/viz/axis.ts";
import { ByteRuler, placed } from "../../src/viz/ByteRuler.tsx";
import { distinct } from "../../src/viz/Chart.tsx";
import { Defs } from "../../src/viz/Defs.tsx";
import { isInteractive } from "../../src/viz/Output.tsx";
import type { Lang } from "../../src/viz/read.ts";
import { show } from "../../src/viz/show.ts";
import {
  ALLOCATED,
  bit,
  MARKED,
  nextSlot,
  parseSnapshot,
  ranges,
  SURVIVOR,
  slotFlags,
  trailingZeros,
} from "../../src/viz/snapshot.ts";
import { ALL, draw, heap, LANGS } from "./viz-draw.tsx";
import {
  borderPicture,
  heapAfterOneCycle,
  lanesPicture,
  makeProc,
  makeSnapshot,
  makeSpan,
  pathsPicture,
  rulerClasses,
  span,
  tinyPicture,
} from "./viz-fixtures.ts";

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) {
    for (const v of Object.values(value)) deepFreeze(v);
    Object.freeze(value);
  }
  return value;
}

/** Slots by state, read back from the strokes of a drawing. */
function slotsDrawn(markup: string): {
  allocated: Set<number>;
  free: Set<number>;
  survivor: Set<number>;
  marked: Set<number>;
} {
  const map = markup.slice(markup.indexOf('class="v-span"'), markup.indexOf('class="v-tail"'));
  const out = {
    allocated: new Set<number>(),
    free: new Set<number>(),
    survivor: new Set<number>(),
    marked: new Set<number>(),
  };
  for (const [row, svg] of [...map.matchAll(/<svg viewBox="0 0 512 16".*?<\/svg>/g)].entries()) {
    for (const [, cls, d] of svg[0].matchAll(/<path class="([^"]+)" d="([^"]+)"/g)) {
      for (const [, x, y, w] of d.matchAll(/M([\d.]+) (\d+)h([\d.]+)(?=M|$)/g)) {
        const inset = y === "8" ? 0 : 3;
        const first = row * 32 + (Number(x) - inset) / 16;
        const n = (Number(w) + 2 * inset) / 16;
        const set =
          cls === "q-free" || cls === "q-old"
            ? out.free
            : /^q-(scan|noscan|tiny)$/.test(cls)
              ? out.allocated
              : cls === "s-foot"
                ? y === "12"
                  ? out.survivor
                  : out.marked
                : null;
        for (let i = 0; set !== null && i < n; i++) set.add(first + i);
      }
    }
  }
  return out;
}

describe("a picture is a function of its data", () => {
  test.each(LANGS)("the same data draw the same markup, and are not touched (%s)", (lang) => {
    for (const output of ALL) {
      const frozen = deepFreeze(structuredClone(output));
      expect(draw(frozen, lang)).toBe(draw(structuredClone(output), lang));
    }
  });

  test("law: the drawn slots are the slots of the bitmaps, for any class and any bits", () => {
    const sizes = [8, 16, 24, 32, 48, 64, 96, 128, 240, 512, 1024, 1408, 4096, 8192, 9472, 32768];
    const pages = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 1, 1, 7, 4];
    fc.assert(
      fc.property(
        fc.nat(sizes.length - 1),
        fc.boolean(),
        fc.array(fc.nat(1023)),
        fc.array(fc.nat(1023)),
        fc.nat(1023),
        fc.boolean(),
        (k, noscan, bits, marks, index, old) => {
          const size = makeSpan({ page: 2, npages: pages[k], elemsize: sizes[k], noscan });
          const inRange = (xs: number[]) => xs.filter((x) => x < size.nelems);
          const s = makeSpan({
            page: 2,
            npages: pages[k],
            elemsize: sizes[k],
            noscan,
            survivors: inRange(bits),
            marks: inRange(marks),
            freeindex: Math.min(index, size.nelems),
            sweepgen: old ? 2 : 4,
          });
          const drawn = slotsDrawn(draw(heap(makeSnapshot([s]), 2)));
          const flags = slotFlags(s);
          for (let i = 0; i < s.nelems; i++) {
            expect(drawn.allocated.has(i), `slot ${i} allocated`).toBe((flags[i] & ALLOCATED) !== 0);
            expect(drawn.free.has(i), `slot ${i} free`).toBe((flags[i] & ALLOCATED) === 0);
            expect(drawn.survivor.has(i), `slot ${i} survivor`).toBe((flags[i] & SURVIVOR) !== 0);
            expect(drawn.marked.has(i), `slot ${i} marked`).toBe((flags[i] & MARKED) !== 0);
          }
          expect(Math.max(...drawn.allocated, ...drawn.free)).toBe(s.nelems - 1);
        },
      ),
      { numRuns: 120 },
    );
  });

  test("law: one flipped bit of allocBits, gcmarkBits or allocCache changes the picture", () => {
    const snapshot = heapAfterOneCycle();
    const inUse = snapshot.spans.filter((s) => s.state === "inuse");
    const pristine = new Map(inUse.map((s) => [s.page, draw(heap(snapshot, s.page))]));
    fc.assert(
      fc.property(
        fc.nat(inUse.length - 1),
        fc.constantFrom("allocBits", "gcmarkBits", "allocCache"),
        fc.nat(1 << 16),
        (k, name, where) => {
          const bad = structuredClone(snapshot);
          const s = bad.spans.find((x) => x.page === inUse[k].page) as SpanSnapshot;
          if (name === "allocCache") {
            const word = BigInt(s.allocCache) ^ (1n << BigInt(where % 64));
            s.allocCache = `0x${word.toString(16).padStart(16, "0")}`;
          } else {
            const i = where % s.nelems;
            const at = (i >> 3) * 2;
            const byte = Number.parseInt(s[name].slice(at, at + 2), 16) ^ (1 << (i & 7));
            s[name] = s[name].slice(0, at) + byte.toString(16).padStart(2, "0") + s[name].slice(at + 2);
          }
          expect(draw(heap(bad, s.page))).not.toBe(pristine.get(s.page));
        },
      ),
      { numRuns: 300 },
    );
  });

  test("law: one flipped bit of the page bitmaps changes the strip, wherever no span covers the page", () => {
    const snapshot = heapAfterOneCycle();
    const before = draw(heap(snapshot, 3));
    const covered = new Set(snapshot.spans.flatMap((s) => span(s.page, s.page + s.npages - 1)));
    const bare = span(0, 63).filter((p) => !covered.has(p));
    expect(bare.length).toBeGreaterThan(2);
    for (const page of bare) {
      const names = bit(snapshot.pages.inUse, page) ? (["inUse"] as const) : (["inUse", "scavenged"] as const);
      for (const name of names) {
        const bad = structuredClone(snapshot);
        const at = (page >> 3) * 2;
        const byte = Number.parseInt(bad.pages[name].slice(at, at + 2), 16) ^ (1 << (page & 7));
        bad.pages[name] =
          bad.pages[name].slice(0, at) + byte.toString(16).padStart(2, "0") + bad.pages[name].slice(at + 2);
        expect(draw(heap(bad, 3)), `${name} of page ${page}`).not.toBe(before);
      }
    }
  });

  test.each<[string, (s: SpanSnapshot, all: HeapSnapshot) => void]>([
    ["freeindex", (s) => (s.freeindex += 1)],
    ["allocCount", (s) => (s.allocCount -= 1)],
    ["nelems", (s) => (s.nelems -= 1)],
    ["elemsize", (s) => (s.elemsize -= 1)],
    ["spanclass", (s) => (s.spanclass ^= 2)],
    ["noscan", (s) => (s.noscan = !s.noscan)],
    ["page", (s) => (s.page -= 1)],
    ["npages", (s, all) => all.spans.splice(all.spans.indexOf(s) + 1, 1) && (s.npages += 1)],
    ["sweepgen", (s) => (s.sweepgen ^= 1)],
    ["needzero", (s) => (s.needzero ^= 1)],
    ["base", (s) => (s.base = "0xc000006010")],
    ["limit", (s) => (s.limit = "0xc000007f10")],
    ["reserved.heapBits", (s) => (s.reserved.heapBits = 64)],
    ["reserved.inlineMarks", (s) => (s.reserved.inlineMarks = 0)],
    ["cachedBy", (s) => (s.cachedBy = null)],
    ["sets", (s) => (s.sets = "fullSwept")],
    ["isTinyBlockSpan", (s) => (s.isTinyBlockSpan = true)],
    ["state", (s) => (s.state = "manual")],
    ["the heap's sweepgen", (_, all) => (all.sweepgen += 2)],
    ["the heap's base", (_, all) => (all.heapBase = "0xc004000000")],
    ["a P's page cache", (_, all) => (all.procs[0].pcache.cache = "0x0000000000000000")],
  ])("a wrong %s shows", (_name, spoil) => {
    const snapshot = heapAfterOneCycle();
    const before = draw(heap(snapshot, 3));
    spoil(snapshot.spans.find((s) => s.page === 3) as SpanSnapshot, snapshot);
    expect(draw(heap(snapshot, 3))).not.toBe(before);
  });

  test("a wrong tiny slot or offset shows in the span of tiny blocks", () => {
    const before = draw(heap(heapAfterOneCycle(), 1, 4));
    for (const spoil of [{ slot: 3 }, { offset: 6 }]) {
      const snapshot = heapAfterOneCycle();
      Object.assign(snapshot.procs[0].tiny, spoil);
      expect(draw(heap(snapshot, 1, 4))).not.toBe(before);
    }
  });

  test("law: any changed number in the other pictures changes them", () => {
    for (const picture of [borderPicture, tinyPicture, lanesPicture, pathsPicture]) {
      const text = JSON.stringify(picture);
      const before = draw({ kind: "picture", picture });
      for (const m of text.matchAll(/(?<=:)\d+(?=[,}])/g)) {
        const changed = `${text.slice(0, m.index)}${Number(m[0]) + 1}${text.slice(m.index + m[0].length)}`;
        const drawn = draw({ kind: "picture", picture: JSON.parse(changed) });
        expect(drawn, `${picture.kind}: ${text.slice(m.index - 20, m.index + 8)}`).not.toBe(before);
      }
    }
  });
});

describe("a real heap", () => {
  const Node = struct("Node", { next: pointer("Node"), value: int64 });

  test("law: whatever a program does, its snapshot can be read and each of its spans drawn slot by slot", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(3), fc.integer({ min: 1, max: 60000 })), { minLength: 1, maxLength: 25 }),
        (steps) => {
          const go = boot({ procs: 2, windowBytes: 64 * 1024 * 1024 });
          let live: Ref[] = [];
          for (const [kind, n] of steps) {
            if (kind === 0) live.push(go.malloc(n));
            else if (kind === 1) live.push(go.on(1).malloc(1 + (n % 40)));
            else if (kind === 2) for (let i = 0; i < n % 99; i++) live.push(go.new(Node));
            else {
              live = live.filter((_, i) => i % (1 + (n % 4)) === 0);
              if (n % 2 === 0) go.sweep({ live });
              else {
                go.startSweep({ live });
                while (go.sweepone() >= 0);
              }
            }
          }
          const snapshot = JSON.parse(JSON.stringify(go.snapshot())) as HeapSnapshot;
          expect(parseSnapshot(snapshot)).toEqual(snapshot);
          for (const s of snapshot.spans.slice(0, 12)) {
            const markup = draw(heap(snapshot, s.page));
            expect(markup).not.toContain("v-fault");
            if (s.sizeclass === 0) continue;
            const drawn = slotsDrawn(markup);
            expect(drawn.allocated.size).toBe(s.allocCount);
            expect(drawn.free.size).toBe(s.nelems - s.allocCount);
          }
        },
      ),
      { numRuns: 25 },
    );
  });

  test("pictures from the cells' own rows: where an object went, and who holds its span", () => {
    const go = boot({ procs: 2, windowBytes: 64 * 1024 * 1024 });
    const [a, b, c] = [go.malloc(1), go.malloc(8), go.on(1).new(Node)];
    const rows = [a, b, c].map((r) => go.where(r));
    const tree = draw({
      kind: "picture",
      picture: show.paths(rows.map((w) => ({ size: 1, path: w.path, slot: w.elemsize }))),
    });
    expect(tree.match(/class="v-item"/g)).toHaveLength(3);
    const blocks = show.tinyOf([
      { address: a.address, size: 1 },
      { address: b.address, size: 8 },
    ]).blocks;
    expect(blocks.map((x) => x.objects.map((o) => o.offset))).toEqual([[0, 8]]);
    const lanes = show.lanes(go.snapshot(), { objects: [{ label: "c", address: c.address, madeOn: 1 }] });
    expect(draw({ kind: "picture", picture: lanes }, "zh").replace(/<\/?samp>/g, "")).toContain(
      "的第 0 槽，这个 span 在 P1 的 mcache 里。",
    );
  });
});

describe("what a slot is", () => {
  test.each([
    ["a 1 at the end", "0x0000000000000001", 0],
    ["above the low half", "0x0000000100000000", 32],
    ["the highest bit", "0x8000000000000000", 63],
    ["none", "0x0000000000000000", 64],
  ])("trailing zeros: %s", (_name, word, want) => expect(trailingZeros(word)).toBe(want));

  test("the next slot is the first free one at or after freeindex", () => {
    expect(nextSlot(makeSpan({ page: 0, elemsize: 16, freeindex: 3, survivors: [3, 4] }))).toBe(5);
    expect(nextSlot(makeSpan({ page: 0, elemsize: 16, freeindex: 496 }))).toBeNull();
  });

  test("when the cache is used up, the next word of allocBits is looked at", () => {
    const s = makeSpan({ page: 0, elemsize: 16, freeindex: 60, survivors: [...span(60, 130)] });
    expect(nextSlot({ ...s, allocCache: "0x0000000000000000" })).toBe(131);
  });

  test("slots of a set are said as ranges", () => {
    const set = new Set([0, 1, 2, 5, 7, 8]);
    expect(ranges(10, (i) => set.has(i))).toBe("0–2, 5, 7–8");
  });

  test.each([
    ["16 B with pointers: 8 squares of pointer bitmap, 8 of mark bits", 16, false, 1, ["M256 8H384", "M384 8H512"]],
    ["16 B without: 8 squares of mark bits", 16, true, 1, ["M384 8H512"]],
    ["48 B with pointers: true to scale", 48, false, 1, ["M80 8H85.33", "M85.33 8H128", "M128 8H170.67"]],
    ["1408 B: the rest of two pages", 1408, true, 2, ["M176 8H186.18"]],
  ])("what holds no objects follows the last slot: %s", (_name, elemsize, noscan, npages, want) => {
    const markup = draw(heap(makeSnapshot([makeSpan({ page: 0, elemsize, noscan, npages })]), 0));
    for (const d of want) expect(markup).toContain(`d="${d}"`);
  });

  test.each([
    ["next", 171, "Slot 171 at 0xc000006ab0: free, and next to be handed out. Bit 43 of allocBits[2] is 0."],
    ["new", 1, "Slot 1 at 0xc000006010: allocated since the sweep."],
    ["last", 495, "Slot 495 at"],
  ])("the sentence reads the %s slot, and is the value text of the scrub bar", (_name, slot, want) => {
    const snapshot = makeSnapshot([makeSpan({ page: 3, elemsize: 16, freeindex: 171 })]);
    const markup = draw(heap(snapshot, 3, slot));
    expect(markup.replace(/<\/?samp>/g, "")).toContain(`<p class="v-read">${want}`);
    expect(markup).toContain(`aria-valuetext="${want}`);
  });
});

describe("every picture in words, in both languages", () => {
  const pictures = ALL.filter((o) => o.kind === "heap" || o.kind === "picture" || o.kind === "chart");
  test("has the sentence that reads it, and the whole as text or is text itself", () => {
    for (const output of pictures) {
      for (const lang of LANGS) {
        const markup = draw(output, lang);
        expect(markup).toContain('<p class="v-read">');
        expect(markup).toMatch(/class="v-twin"|class="v-tree"/);
      }
    }
  });

  test("English markup has no Chinese, Chinese markup has no English sentence", () => {
    for (const output of ALL.filter((o) => o.kind !== "error")) {
      expect(draw(output, "en")).not.toMatch(/[\u3000-\u9fff\uff00-\uffef]/);
      const words = draw(output, "zh")
        .replace(/<[^>]*>|aria-\w+="[^"]*"/g, " ")
        .match(/[a-z]{2,} [a-z]{2,} [a-z]{3,}/g);
      expect(words ?? []).toEqual([]);
    }
  });

  test("Han and Latin are parted by one space, and no space stands beside a full-width mark", () => {
    for (const output of [...ALL]) {
      const text = draw(output, "zh")
        .replace(/<[^>]*>/g, "\n")
        .split("\n")
        .join("\n");
      for (const line of text.split("\n")) {
        expect(line).not.toMatch(/[\u4e00-\u9fff][A-Za-z0-9]|[A-Za-z0-9][\u4e00-\u9fff]/);
        expect(line).not.toMatch(/ [，。：；、（）]|[，。：；、（）] /);
      }
    }
  });

  test("the text lists each slot exactly once as allocated or free", () => {
    const s = makeSpan({ page: 0, elemsize: 48, freeindex: 7, survivors: [9, 10, 160] });
    const markup = draw(heap(makeSnapshot([s]), 0));
    expect(markup).toContain("slots allocated: 0–6, 9–10, 160");
    expect(markup).toContain("slots that survived the last mark: 9–10, 160");
    expect(markup).toContain("slots free: 7–8, 11–159, 161–164");
  });

  test("the byte ruler says its sentence before any script has run", () => {
    const at = (bytes: number, lang: Lang) =>
      renderToString(h(ByteRuler, { lang, classes: rulerClasses, bytes })).replace(/<[^>]*>/g, "");
    expect(at(33, "en")).toContain("get a slot of 48; 15 stay empty.");
    expect(at(33, "zh")).toContain("得到 48 字节的槽，空出 15 字节。");
    expect(at(48, "zh")).toContain("正好一个 48 字节的槽");
    expect(at(5, "en")).toContain("share a 16-byte tiny block");
  });

  test.each([
    [15, false, { isTiny: true, header: 0, slot: 16, rest: 1 }],
    [16, false, { isTiny: false, header: 0, slot: 16, rest: 0 }],
    [8, true, { isTiny: false, header: 0, slot: 8, rest: 0 }],
    [512, true, { isTiny: false, header: 0, slot: 512, rest: 0 }],
    [520, true, { isTiny: false, header: 8, slot: 576, rest: 48 }],
    [1024, true, { isTiny: false, header: 8, slot: 1152, rest: 120 }],
    [1024, false, { isTiny: false, header: 0, slot: 1024, rest: 0 }],
  ])("ruler: %i bytes, pointers %s", (n, pointers, want) => expect(placed(n, pointers, rulerClasses)).toEqual(want));
});

describe("pictures of one idea", () => {
  test("the tree lights the taken branch and no other", () => {
    const lit = (path: string) =>
      [
        ...draw({ kind: "picture", picture: show.paths([{ size: 1, path }]) }).matchAll(
          /class="on[^"]*"><b>(\w+)<\/b>/g,
        ),
      ].map((m) => m[1]);
    expect(lit("zero")).toEqual(["yes"]);
    expect(lit("large")).toEqual(["no", "no"]);
    expect(lit("tiny")).toEqual(["no", "yes", "yes", "yes"]);
    expect(lit("small noscan")).toEqual(["no", "yes", "yes", "no"]);
    expect(lit("small scan")).toEqual(["no", "yes", "no", "yes"]);
    expect(lit("small scan, header")).toEqual(["no", "yes", "no", "no"]);
  });

  test("the number line draws the eight bytes between border and slot", () => {
    const markup = draw({ kind: "picture", picture: borderPicture });
    expect(markup).toContain('class="q-bitmap" d="M176 8h128"');
    expect(markup).toContain("the last 8 bytes of the 32768-byte slot");
    expect(markup).toContain("32761–32768 → 32768 B (4 × 8192) · 32769–32770 → 40960 B (5 × 8192)");
  });

  test("tiny blocks are grouped by address", () => {
    const picture = show.tinyOf([
      { address: "0xc000002000", size: 1 },
      { address: "0xc000002008", size: 8 },
      { address: "0xc000002010", size: 4 },
    ]);
    expect(picture.blocks.map((b) => b.objects.map((o) => o.offset))).toEqual([[0, 8], [0]]);
    expect(draw({ kind: "picture", picture })).toContain("9 of 16 B used, 7 wasted");
  });

  test("lanes come from a snapshot; a moved goroutine leaves its objects where they are", () => {
    const a = makeSpan({ page: 1, elemsize: 16, freeindex: 2, cachedBy: 1 });
    const snapshot = makeSnapshot([a], [makeProc(0), makeProc(1, { alloc: [{ spanclass: 4, span: a.id }] })]);
    const picture = show.lanes(snapshot, {
      goroutines: [{ name: "g", p: 0 }],
      objects: [{ label: "x", address: "0xc000002010", madeOn: 1 }],
    });
    const text = draw({ kind: "picture", picture }).replace(/<\/?samp>/g, "");
    expect(text).toContain("x: slot 1 of span 0xc000002000, which is in the mcache of P1.");
    expect(text).toContain("its mcache is empty");
  });

  test("an object whose span another P holds now is told apart", () => {
    const text = draw({ kind: "picture", picture: lanesPicture }).replace(/<\/?samp>/g, "");
    expect(text).toContain("a: slot 3 of span 0xc000006000, which is in the mcache of P0; made on another P: a (P1).");
    expect(text).toContain("b: slot 1 of span 0xc00000a000, which is in no mcache.");
  });

  test("a span in two mcaches is said aloud", () => {
    const [p0] = lanesPicture.procs;
    const picture = { ...lanesPicture, procs: [p0, { ...p0, id: 1 }] };
    expect(draw({ kind: "picture", picture })).toContain("is in two mcaches");
  });
});

describe("tables and charts", () => {
  test("a column without a name has no empty heading", () => {
    const columns = [{ name: "", align: "start" } as const, { name: "n", align: "end" } as const];
    expect(draw({ kind: "table", columns, rows: [["a", 1]] })).toContain(
      '<tr><td></td><th scope="col" class="e">n</th>',
    );
  });

  test("the heavy rule stands above the turning row, and missing rows are said where they are missing", () => {
    const markup = draw({
      kind: "table",
      columns: [{ name: "n", align: "end" }],
      rows: [[1], [2], [3]],
      turn: 2,
      cut: 40,
      cutAt: 2,
    });
    expect(markup).toMatch(
      /<td class="e">2<\/td><\/tr><tr class="v-gap"><td colspan="1">40 rows left out<\/td><\/tr><tr class="turn">/,
    );
  });

  test.each([
    [0, 64, [0, 20, 40, 60, 80]],
    [0, 1, [0, 0.5, 1]],
    [-3, 9, [-5, 0, 5, 10]],
  ])("an axis over %d..%d runs over round figures", (lo, hi, ticks) => expect(niceAxis(lo, hi).ticks).toEqual(ticks));

  test("law: an axis covers its data with two to twelve ticks", () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, min: -1e12, max: 1e12 }),
        fc.double({ noNaN: true, min: 1e-6, max: 1e12 }),
        (lo, d) => {
          const axis = niceAxis(lo, lo + d);
          const slack = d * 1e-6 + Math.abs(lo) * 1e-9;
          expect(axis.lo).toBeLessThanOrEqual(lo + slack);
          expect(axis.hi).toBeGreaterThanOrEqual(lo + d - slack);
          expect(axis.ticks.length).toBeGreaterThanOrEqual(2);
          expect(axis.ticks.length).toBeLessThanOrEqual(12);
        },
      ),
    );
  });

  test("law: of many points in a column the first, the last, the lowest and the highest stay, in their order", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(300), fc.integer()), { minLength: 1, maxLength: 200 }), (some) => {
        const points = some.toSorted((a, b) => a[0] - b[0]);
        const px = (x: number) => x / 10;
        const kept = [...distinct(points, px)] as [number, number][];
        expect(kept.filter((p, i) => points.indexOf(p) < points.indexOf(kept[i - 1] ?? p))).toEqual([]);
        for (const column of new Set(points.map((p) => Math.round(px(p[0]))))) {
          const all = points.filter((p) => Math.round(px(p[0])) === column);
          const few = kept.filter((p) => Math.round(px(p[0])) === column);
          expect(few.length).toBeLessThanOrEqual(4);
          expect([few[0], few.at(-1)]).toEqual([all[0], all.at(-1)]);
          const ys = (of: typeof all) => of.map((p) => p[1]);
          expect([Math.min(...ys(few)), Math.max(...ys(few))]).toEqual([Math.min(...ys(all)), Math.max(...ys(all))]);
        }
      }),
    );
  });

  test("a chart's table has the first rows and the last, and says how many it leaves out", () => {
    const points = span(1, 100).map((n) => [n, n * n] as const);
    const markup = draw({ kind: "chart", chart: "line", logY: false, series: [{ name: "s", points }] });
    expect(markup).toContain("<td>10</td>");
    expect(markup).toContain("80 rows left out");
    expect(markup).toContain("<td>91</td>");
    expect(markup).not.toContain("<td>90</td>");
  });

  test("a logarithmic axis runs over powers of ten", () =>
    expect(logAxis(8, 32768).ticks).toEqual([1, 10, 100, 1000, 10000, 100000]));

  test("figures are not rounded", () => {
    expect([32760, 0.125, 1e12].map(figure)).toEqual(["32760", "0.125", "1e12"]);
  });
});

describe("weight and ink", () => {
  test("a heap picture of ten spans is at most 3.25 KB of gzipped markup, its data at most 1.5 KB", () => {
    const output = heap(heapAfterOneCycle(), 3);
    expect(gzipSync(draw(output)).length).toBeLessThanOrEqual(3328);
    expect(gzipSync(JSON.stringify(output)).length).toBeLessThanOrEqual(1536);
  });

  test("no picture names a colour: tokens do, and each memory class has its pattern", () => {
    const defs = renderToString(h(Defs, {}));
    for (const output of ALL) expect(draw(output)).not.toMatch(/#[0-9a-f]{3,8}\b|rgb|hsl|fill="|stroke="/);
    for (const id of [
      "p-scan",
      "p-noscan",
      "p-tiny",
      "p-bitmap",
      "p-marks",
      "p-stack",
      "p-back",
      "p-pad",
      "q-free",
      "q-scan",
      "q-noscan",
      "q-tiny",
      "q-pad",
      "q-bitmap",
      "q-marks",
      "q-old",
    ]) {
      expect(defs).toContain(`<pattern id="${id}"`);
    }
  });

  test("only pictures that answer to the reader are mounted", () => {
    expect(
      ALL.filter(isInteractive)
        .map((o) => (o.kind === "picture" ? o.picture.kind : o.kind))
        .filter((k, i, a) => a.indexOf(k) === i),
    ).toEqual(["heap", "border", "pages", "timeline", "map", "strip", "steps"]);
  });
});
