/** What a page does with data that no cell should have sent. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Output as OutputData } from "../../src/kernel/protocol.ts";
import { parsePicture, readPicture } from "../../src/viz/data.ts";
import { PictureFault } from "../../src/viz/read.ts";
import { parseSnapshot, readSnapshot } from "../../src/viz/snapshot.ts";
import { draw, heap, OTHERS } from "./viz-draw.tsx";
import { borderPicture, heapAfterOneCycle, lanesPicture, pathsPicture, tinyPicture } from "./viz-fixtures.ts";

/** A snapshot without its types, to be spoiled. */
// biome-ignore lint/suspicious/noExplicitAny: the point is to put there what the types forbid
type Loose = any;

describe("wrong data are said in words, not thrown", () => {
  test.each<[string, (s: Loose) => void, string, string]>([
    [
      "no hexadecimal digit",
      (s) => (s.spans[2].allocBits = "zz".repeat(62)),
      "spans[2].allocBits",
      "is not a hexadecimal number",
    ],
    ["too few digits", (s) => (s.spans[2].allocBits = "ff"), "spans[2].allocBits", "has too few digits"],
    ["NaN", (s) => (s.spans[2].freeindex = Number.NaN), "spans[2].freeindex", "is outside what is possible"],
    [
      "more used than there are",
      (s) => (s.spans[2].freeindex = 497),
      "spans[2].freeindex",
      "is outside what is possible",
    ],
    ["a word of 32 bits", (s) => (s.spans[2].allocCache = "0xffffffff"), "spans[2].allocCache", "has too few digits"],
    ["slots beyond the span", (s) => (s.spans[2].nelems = 513), "spans[2].nelems", "is outside what is possible"],
    ["overlapping spans", (s) => (s.spans[2].npages = 2), "spans[3].page", "is out of order or overlaps"],
    ["no spans", (s) => delete s.spans, "spans", "is missing or of the wrong type"],
    ["another version", (s) => (s.version = 2), "version", "is outside what is possible"],
    ["a short page bitmap", (s) => (s.pages.inUse = ""), "pages.inUse", "has too few digits"],
  ])("heap: %s", (_name, spoil, where, why) => {
    const bad = heapAfterOneCycle() as Loose;
    spoil(bad);
    const markup = draw(heap(bad));
    expect(markup).toContain(`<samp>${where}</samp> ${why}.`);
    expect(draw(heap(bad), "zh")).toContain("这张图画不出来");
    expect(readSnapshot(bad)).toBeNull();
  });

  test.each<[string, unknown, string]>([
    ["an unknown path", { ...pathsPicture, items: [{ ...pathsPicture.items[0], path: "medium" }] }, "items[0].path"],
    ["no items", { kind: "paths", items: [] }, "items.length"],
    ["sizes out of order", { ...borderPicture, points: borderPicture.points.toReversed() }, "points[1].size"],
    [
      "tiny objects that overlap",
      {
        kind: "tiny",
        blocks: [
          {
            objects: [
              { offset: 0, size: 9 },
              { offset: 8, size: 8 },
            ],
          },
        ],
      },
      "blocks[0].objects[1].offset",
    ],
    [
      "a tiny object beyond its block",
      { kind: "tiny", blocks: [{ objects: [{ offset: 12, size: 8 }] }] },
      "blocks[0].objects[0].size",
    ],
    [
      "a P that holds more than there is",
      {
        ...lanesPicture,
        procs: [{ ...lanesPicture.procs[0], spans: [{ ...lanesPicture.procs[0].spans[0], freeindex: 497 }] }],
      },
      "procs[0].spans[0].freeindex",
    ],
    ["another kind", { kind: "pie" }, "kind"],
    ["nothing", null, "picture"],
  ])("picture: %s", (_name, picture, where) => {
    expect(() => parsePicture(picture)).toThrow(PictureFault);
    expect(readPicture(picture)).toBeNull();
    expect(draw({ kind: "picture", picture } as OutputData)).toContain(`<samp>${where}</samp>`);
  });

  test("law: whatever stands in one place of the data, something is drawn and nothing thrown", () => {
    const leaves = (value: unknown, path: (string | number)[] = []): (string | number)[][] =>
      typeof value === "object" && value !== null
        ? Object.entries(value).flatMap(([k, v]) => [[...path, k], ...leaves(v, [...path, k])])
        : [];
    const samples = [heap(heapAfterOneCycle(), 9), ...OTHERS.filter((o) => o.kind === "picture")];
    const places = samples.map((s) => leaves(s).filter((p) => p.length > 1));
    const junk = fc.oneof(
      fc.constantFrom<unknown>(null, undefined, Number.NaN, -1, 1e300, 0.5, "", "0x", "zz", [], {}, true, 2 ** 31),
      fc.integer(),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.nat(samples.length - 1), fc.nat(), junk, (k, at, value) => {
        const bad = structuredClone(samples[k]);
        const path = places[k][at % Math.max(places[k].length, 1)];
        if (path === undefined) return;
        let o = bad as unknown as Record<string | number, never>;
        for (const key of path.slice(0, -1)) o = o[key];
        o[path[path.length - 1]] = value as never;
        const markup = draw(bad);
        expect(markup).not.toBe("");
        expect(markup).not.toMatch(/NaN|undefined|Infinity/);
      }),
      { numRuns: 600 },
    );
  });

  test("charts say what they cannot draw", () => {
    const chart = (points: [number, number][], logY = false): OutputData => ({
      kind: "chart",
      chart: "line",
      logY,
      series: [{ name: "a", points }],
    });
    expect(draw(chart([]))).toContain("No points to draw");
    expect(draw(chart([[0, Number.NaN]]))).toContain("finite numbers");
    expect(draw(chart([[0, 0]], true))).toContain("above 0");
    for (const points of [
      [[3, 3]],
      [[0, 0]],
      [
        [0, -5],
        [1, -5],
      ],
    ] as [number, number][][]) {
      expect(draw(chart(points))).not.toMatch(/NaN|Infinity|v-fault/);
    }
  });

  test("a reader's copy drops what it does not know and keeps the rest", () => {
    const snapshot = { ...heapAfterOneCycle(), evil: "<script>" };
    const copy = parseSnapshot(snapshot);
    expect(copy).toEqual(heapAfterOneCycle());
    expect(readPicture({ ...tinyPicture, evil: 1 })).toEqual(tinyPicture);
  });
});
