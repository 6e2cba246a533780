/** Pictures of the page heap, the process and off-heap memory: what they say, what they draw, what they refuse. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { array, boot, int64, pointer } from "../../engine/index.ts";
import type { Output } from "../../src/kernel/protocol.ts";
import { fold, unfold } from "../../src/viz/data/steps.ts";
import { type Picture, parsePicture, readPicture } from "../../src/viz/data.ts";
import { bytes, percent } from "../../src/viz/measure.ts";
import { linesOf } from "../../src/viz/Pins.tsx";
import { PictureFault } from "../../src/viz/read.ts";
import { show } from "../../src/viz/show.ts";
import { draw } from "./viz-draw.tsx";
import { bitString } from "./viz-fixtures.ts";
import {
  centralPicture,
  findPicture,
  longFilm,
  MEMORY_PICTURES,
  mapPicture,
  pagesPicture,
  slabsPicture,
  slotPicture,
  stairsPicture,
  stepsPicture,
  stripPicture,
  timelinePicture,
  wordsPicture,
} from "./viz-memory-fixtures.ts";

const markup = (picture: unknown, lang: "zh" | "en" = "en") => draw({ kind: "picture", picture } as Output, lang);

/** A drawing's text: what is between tags. */
function textOf(picture: unknown, lang: "zh" | "en" = "en"): string {
  return markup(picture, lang)
    .replace(/<[^>]*>/g, "|")
    .replaceAll("&lt;", "<")
    .replaceAll("\u00a0", " ")
    .replace(/\|+/g, "|");
}

/** The sentence under a drawing. */
function sentence(picture: unknown, lang: "zh" | "en" = "en"): string {
  const [, inner] = markup(picture, lang).match(/<p class="v-read">(.*?)<\/p>/) ?? [];
  return (inner ?? "").replace(/<[^>]*>/g, "").replaceAll("\u00a0", " ");
}

const count = (text: string, part: string) => text.split(part).length - 1;

describe("sentences", () => {
  test.each<[string, Picture, string, string]>([
    [
      "a page of a chunk",
      pagesPicture,
      "Page 0 of the chunk, 0xc000000000: in use. Bit 0 of word 0. The chunk’s summary: start 0, max 12, end 12.",
      "chunk 的第 0 页，地址 0xc000000000：在用。第 0 个字的第 0 位。这个 chunk 的摘要：start 0, max 12, end 12。",
    ],
    [
      "a search that ends across a border",
      findPicture,
      "Found: 15 pages from 0xc0003e8000, page 500 of its chunk. 6 summaries were looked at.",
      "找到了：从 0xc0003e8000 起连续 15 页，是所在 chunk 的第 500 页。一共看了 6 条摘要。",
    ],
    [
      "a search that ends with nothing",
      { ...findPicture, find: { pages: 600, via: "tree", address: null, steps: findPicture.find!.steps.slice(0, 1) } },
      "No 600 pages in a row anywhere: the heap has to grow. 1 summary was looked at.",
      "哪里都没有连续 600 页：堆要增长。一共看了 1 条摘要。",
    ],
    [
      "a search that the first chunk satisfies",
      { ...findPicture, find: { ...findPicture.find!, via: "searchAddr" } },
      "Found: 15 pages from 0xc0003e8000, page 500 of its chunk. The chunk at searchAddr was enough; the tree was not asked.",
      "找到了：从 0xc0003e8000 起连续 15 页，是所在 chunk 的第 500 页。searchAddr 所在的 chunk 就够，没有查树。",
    ],
    [
      "a heap that has no chunk yet",
      { ...pagesPicture, chunks: [], levels: [] },
      "The heap has not grown yet: it has no chunk.",
      "堆还没有增长过：一个 chunk 也没有。",
    ],
    [
      "a moment of the timeline",
      { ...timelinePicture, at: 200 },
      "At 200 ms: 4 MiB in use, 60 MiB free and kept, 3 MiB given back; 65 MiB resident. Here: swept.",
      "200 毫秒：在用 4 MiB，空闲而留着 60 MiB，已归还 3 MiB；常驻 65 MiB。这一刻：清扫完。",
    ],
    [
      "an address of the heap",
      mapPicture,
      "0xc000012345 lies in heap arena: 4 MiB, from 0xc000000000 to 0xc000400000. Its arena begins at 0xc000000000; it is byte 837 of page 9 there.",
      "0xc000012345 在 heap arena 里：4 MiB，从 0xc000000000 到 0xc000400000。所在 arena 从 0xc000000000 开始；它是其中第 9 页的第 837 个字节。",
    ],
    [
      "an address where nothing is",
      { ...mapPicture, at: "0x1000" },
      "0x1000 lies in no segment: nothing is there.",
      "0x1000 不在任何一段里：那里什么也没有。",
    ],
    [
      "slabs beside spans",
      slabsPicture,
      "Off-heap, 162 KiB of 256 KiB is taken by blocks; in the Go heap, 3 KiB of 40 KiB by slots.",
      "堆外 256 KiB 里，块占了 162 KiB；Go 堆 40 KiB 里，槽占了 3 KiB。",
    ],
    [
      "a block of a strip",
      stripPicture,
      "first fit, bytes 0 to 30: in use, no pointers, 30 B.",
      "首次适配，第 0 到 30 字节：在用，无指针，30 B。",
    ],
    [
      "a slot over time",
      slotPicture,
      "3 moments; between 1 of them and the one before, bytes changed.",
      "一共 3 个时刻，其中 1 个与前一刻相比，字节变了。",
    ],
    [
      "pointer maps",
      wordsPicture,
      "3 types; into 2 of them the collector has to look.",
      "3 个类型，其中 2 个要由回收器看内部。",
    ],
    [
      "a staircase",
      stairsPicture,
      "From nextFreeFast, 99,414 times, down to refill, 1,540 times.",
      "从 nextFreeFast 的 99,414 次，到 refill 的 1,540 次。",
    ],
    ["a film", stepsPicture, "Step 1 of 3: The start.", "第 1 / 3 步：开始"],
  ])("%s", (_name, picture, en, zh) => {
    expect(sentence(picture)).toBe(en);
    expect(sentence(picture, "zh")).toBe(zh);
  });

  const span = (allocCount: number) => ({ span: "0xc000002000", sweepgen: 6, nelems: 8, allocCount });
  const none = { partialSwept: [], partialUnswept: [], fullSwept: [], fullUnswept: [] };
  test.each([
    ["the first set is taken from as it is", { ...none, partialSwept: [span(1)] }, "from the first set as it is"],
    ["the second is swept", { ...none, partialUnswept: [span(1)] }, "takes one from the second and sweeps it"],
    ["full ones are swept", { ...none, fullUnswept: [span(8)] }, "sweeps full ones, at most 101"],
    ["full and swept ones are of no use", { ...none, fullSwept: [span(8)] }, "the heap gives a new span"],
  ])("mcentral: %s", (_name, sets, words) => expect(sentence({ ...centralPicture, sets })).toContain(words));
});

describe("drawings", () => {
  test("law: the drawn pages are the pages of the bitmaps", () => {
    const pages = fc.uniqueArray(fc.nat(511), { maxLength: 300 });
    fc.assert(
      fc.property(pages, pages, (used, back) => {
        const chunk = { ...pagesPicture.chunks[0], inUse: bitString(512, used), scavenged: bitString(512, back) };
        const drawn = { "q-used": new Set<number>(), "q-free": new Set<number>(), "q-back": new Set<number>() };
        const rows = markup({ ...pagesPicture, chunks: [chunk] }).matchAll(/<svg viewBox="0 0 512 16".*?<\/svg>/g);
        for (const [row, svg] of [...rows].entries()) {
          for (const [, cls, d] of svg[0].matchAll(/<path class="(q-\w+)" d="([^"]+)"/g)) {
            for (const [, x, n] of d.matchAll(/M(\d+) 8h(\d+)/g)) {
              for (let i = 0; i < Number(n) / 16; i++) drawn[cls as "q-used"].add(row * 32 + Number(x) / 16 + i);
            }
          }
        }
        for (let i = 0; i < 512; i++) {
          const want = used.includes(i) ? "q-used" : back.includes(i) ? "q-back" : "q-free";
          for (const [cls, set] of Object.entries(drawn)) expect(set.has(i), `page ${i} ${cls}`).toBe(cls === want);
        }
      }),
      { numRuns: 60 },
    );
  });

  test("a search lights what it accepted and what it refused, and frames what it found", () => {
    const drawn = markup(findPicture);
    expect(count(drawn, 'class="accepted')).toBe(5);
    expect(count(drawn, 'class="refused')).toBe(1);
    // 12 of the 15 pages lie in the chunk that is shown: pages 500 to 511, the last of its sixteenth half row
    expect(drawn).toContain('<path class="s-sel n64" d="M320 0h192M320 16h192M320 0v16M512 0v16"');
  });

  test("the board says which half of each pair holds the swept spans in this cycle", () => {
    expect(textOf(centralPicture)).toMatch(
      /\|1\|partial\[1\]\|.*\|2\|partial\[0\]\|.*\|–\|full\[1\]\|.*\|3\|full\[0\]\|/,
    );
    expect(textOf({ ...centralPicture, sweepgen: 8 })).toMatch(/\|1\|partial\[0\]\|.*\|2\|partial\[1\]\|/);
    expect(textOf(centralPicture)).toContain("|0xc000006000|503 of 504|");
    expect(count(markup(centralPicture), 'class="s-old"')).toBe(4); // three unswept spans, and the key
  });

  test("a timeline stacks what is in use, kept and given back to the heap's size", () => {
    const areas = [...markup(timelinePicture).matchAll(/<path class="(f-\w+)" d="(M[^"]*L[^"]*z)"/g)];
    const heights = Object.fromEntries(areas.map(([, cls, d]) => [cls, [...d.matchAll(/[ML]([\d.]+) ([\d.]+)/g)]]));
    const top = (cls: string) => heights[cls].slice(0, 4).map(([, , y]) => Number(y));
    const foot = (cls: string) =>
      heights[cls]
        .slice(4)
        .reverse()
        .map(([, , y]) => Number(y));
    expect(foot("f-large")).toEqual([240, 240, 240, 240]);
    expect(foot("f-free")).toEqual(top("f-large"));
    expect(foot("f-back")).toEqual(top("f-free"));
    // 4, 67, 67, 67 MiB of an axis of 80
    expect(top("f-back")).toEqual([4, 67, 67, 67].map((m) => Math.round((240 - (240 * m) / 80) * 10) / 10));
  });

  test("each strip of a process map projects a piece of itself that holds the address", () => {
    const heads = [
      ...markup(mapPicture).matchAll(/<div class="v-ends"><span>(0x[0-9a-f]+)<\/span>.*?<span>(0x[0-9a-f]+)<\/span>/g),
    ];
    const ends = heads.map(([, from, to]) => [Number(from), Number(to)]);
    expect(ends.map(([from, to]) => Math.log2(to - from))).toEqual([48, 40, 26, 22, 13, 6]);
    for (const [from, to] of ends) expect(from <= 0xc000012345 && 0xc000012345 < to).toBe(true);
  });

  test("a strip's sum counts neighbours that are free as one piece", () => {
    expect(textOf(stripPicture)).toContain(
      "|30% in use, no pointers; 10% in use, with pointers; 20% free, but of no use; 10% kept by the allocator; 30% free; free in 3 pieces, the longest 30 B|",
    );
    expect(textOf(stripPicture)).toContain("|100% reserved, not mapped|");
    // twice as long, twice as wide
    expect(markup(stripPicture)).toContain("--w:50%");
  });

  test("a strip that is longer than a row is folded", () => {
    const folded = { ...stripPicture, row: 50 };
    expect(count(markup(folded), 'preserveAspectRatio="none"')).toBe(2 + 4);
  });

  test("what a moment has changed in a slot is marked, and nothing else", () => {
    const rows = [...markup(slotPicture).matchAll(/<ol class="v-moments">(.*?)<\/ol>/gs)][0][1].split("</li>");
    expect(rows.slice(0, 3).map((r) => count(r, " new"))).toEqual([0, 2, 0]);
    expect(rows.slice(0, 3).map((r) => count(r, 'class="some'))).toEqual([0, 2, 2]);
    expect(textOf(slotPicture)).toContain("|dead|needzero 1|");
  });

  test("a type word takes the slot's first place; what the collector looks at ends with the last pointer", () => {
    const text = textOf(wordsPicture);
    expect(text).toContain("|the collector looks at the first word|");
    expect(text).toContain("|the collector looks at the first 80 words; a type word in front|");
    expect(text).toContain("|no pointers: never looked into; 113 words more|");
    const rows = [...markup(wordsPicture).matchAll(/<svg viewBox="0 0 512 16".*?<\/svg>/g)].map(([svg]) => svg);
    expect(rows[0]).toContain('class="q-scan" d="M0 8h16"');
    expect(rows[0]).toContain('class="q-noscan" d="M16 8h32"');
    expect(rows[1]).toContain('class="q-bitmap" d="M0 8h16"');
    expect(rows[1]).toContain('class="q-scan" d="M16 8h496"');
    expect(rows[3]).toContain('class="q-scan" d="M0 8h272"'); // 81 places: 32, 32 and 17
  });

  test("each step of a staircase says what share of the one above it comes there", () => {
    const text = textOf(stairsPicture);
    expect(text).toContain("|nextFree|one in 64 comes here|1,544|");
    expect(text).toContain("|refill|99% come here|1,540|");
    expect(text).toContain("|mheap.grow|never|");
  });

  test("slabs and spans have one scale", () => {
    const drawn = markup(slabsPicture);
    // 32 KiB, the longest slab rounded up, is the whole width of 512: a page of 4 KiB has 64, one of 8 KiB has 128
    expect(drawn).toContain('class="f-free" d="M.5.5H63.5');
    expect(drawn).toContain('class="f-free" d="M.5.5H127.5');
    expect(textOf(slabsPicture)).toContain("|0xc008000000|1 × 4 KiB|1024 B, 2 of 4 taken|");
    expect(textOf(slabsPicture)).toContain("|0xc000000000|1 × 8 KiB|1024 B, 3 of 8 taken, with pointers|");
    const doubled = { ...slabsPicture, extents: [...slabsPicture.extents, slabsPicture.extents[0]] };
    expect(textOf(doubled)).toContain("|off-heap|2|slab of 1024 B|8192|4 / 8|off-heap|1|slab of 112 B|28672|1 / 256|");
  });

  test("names under a drawing never share a line where they would touch", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ x: fc.nat(100), label: fc.string({ minLength: 1, maxLength: 20 }) })),
        (pins) => {
          const sorted = pins.toSorted((a, b) => a.x - b.x);
          const lines = linesOf(sorted);
          const half = (i: number) => ([...sorted[i].label].length * 2.4) / 2;
          const middle = (i: number) => Math.min(Math.max(sorted[i].x, half(i)), Math.max(100 - half(i), half(i)));
          for (let b = 0; b < sorted.length; b++) {
            for (let a = 0; a < b; a++) {
              if (lines[a] === lines[b]) expect(middle(b) - middle(a)).toBeGreaterThanOrEqual(half(a) + half(b));
            }
          }
        },
      ),
    );
  });

  test.each([
    [0, "0 B"],
    [8191, "8191 B"],
    [8192, "8 KiB"],
    [10_000, "10000 B"],
    [12_345, "12.1 KiB"],
    [4 << 20, "4 MiB"],
    [2 ** 48, "256 TiB"],
  ])("%d bytes are said as %s", (n, words) => expect(bytes(n).replace("\u00a0", " ")).toBe(words));

  test.each([
    [0, 5, "0%"],
    [1, 1000, "<1%"],
    [999, 1000, "99%"],
    [5, 5, "100%"],
    [5, 8, "62%"],
    [3, 8, "38%"],
  ])("%d of %d is %s", (part, whole, words) => expect(percent(part, whole)).toBe(words));
});

describe("films", () => {
  test("law: what is folded unfolds to the same", () => {
    const value = fc.jsonValue({ maxDepth: 4 });
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 6 }), (values) => {
        const frames = [...values, ...values].map((what) => ({
          say: "",
          what: JSON.parse(JSON.stringify(what)) as unknown,
        }));
        // A record of one field "$" with a number is how a part is named: no drawing has one.
        fc.pre(!JSON.stringify(values).includes('"$"'));
        const { parts, frames: folded } = fold(frames);
        expect(folded.map((f) => unfold(parts, f.what))).toEqual(frames.map((f) => f.what));
      }),
    );
  });

  test("what frames share is kept once: forty frames of one heap weigh less than two", () => {
    const one = JSON.stringify(unfold(longFilm.parts, longFilm.frames[0].what)).length;
    expect(JSON.stringify(longFilm).length).toBeLessThan(2 * one);
    expect(longFilm.frames).toHaveLength(40);
  });

  test("its reader gives it back as it was, without what it does not know", () => {
    expect(parsePicture(longFilm)).toEqual(longFilm);
    const drawing = unfold(stepsPicture.parts, stepsPicture.frames[0].what) as object;
    const evil = show.steps([{ say: "a", picture: { ...drawing, evil: "<script>" } }]);
    expect(JSON.stringify(parsePicture(evil))).not.toContain("evil");
  });

  const bomb = Array.from({ length: 60 }, (_, i) =>
    i === 0 ? ["xxxxxxxxxxxxxxxxxxxxxxxx"] : [{ $: i - 1 }, { $: i - 1 }],
  );
  test.each<[string, unknown, string]>([
    [
      "a part that names itself",
      { kind: "steps", parts: [{ a: { $: 0 } }], frames: [{ say: "", what: { $: 0 } }] },
      "parts[0]",
    ],
    [
      "a part that names a later one",
      { kind: "steps", parts: [[{ $: 1 }], []], frames: [{ say: "", what: 1 }] },
      "parts[0]",
    ],
    ["a frame that names no part", { kind: "steps", parts: [], frames: [{ say: "", what: { $: 0 } }] }, "frames[0]"],
    ["few bytes that unfold to many", { kind: "steps", parts: bomb, frames: [{ say: "", what: { $: 59 } }] }, "frames"],
    [
      "a film in a film",
      { kind: "steps", parts: [], frames: [{ say: "", what: { kind: "steps" } }] },
      "frames[0].kind",
    ],
    ["nothing to show", { kind: "steps", parts: [], frames: [] }, "frames.length"],
    [
      "a table for a drawing",
      { kind: "steps", parts: [], frames: [{ say: "", what: { kind: "table" } }] },
      "frames[0].kind",
    ],
    [
      "a drawing that is wrong",
      show.steps([{ say: "", picture: { ...stairsPicture, steps: [] } }]),
      "frames[0].steps.length",
    ],
  ])("%s is refused", (_name, picture, where) => {
    expect(readPicture(picture)).toBeNull();
    expect(() => parsePicture(picture)).toThrow(new RegExp(`^${where.replaceAll(/[[\].]/g, "\\$&")}: `));
  });
});

/** A picture without its types, to be spoiled. */
// biome-ignore lint/suspicious/noExplicitAny: the point is to put there what the types forbid
type Loose = any;

describe("wrong data are refused, with the name of the field", () => {
  test.each<[keyof typeof MEMORY_PICTURES, string, (p: Loose) => void, string]>([
    ["pages", "a short bitmap", (p) => (p.chunks[0].inUse = "ff"), "chunks[0].inUse: short"],
    ["pages", "no hexadecimal digit", (p) => (p.chunks[1].scavenged = "zz".repeat(64)), "chunks[1].scavenged: hex"],
    ["pages", "a start beyond the longest run", (p) => (p.chunks[0].start = 13), "chunks[0].start: range"],
    ["pages", "chunks out of order", (p) => p.chunks.reverse(), "chunks[1].index: order"],
    ["pages", "a sixth level", (p) => p.levels.push([]), "levels.length: range"],
    ["find", "another verdict", (p) => (p.find.steps[0].took = "maybe"), "find.steps[0].took: range"],
    ["find", "an address that is none", (p) => (p.find.address = "here"), "find.address: hex"],
    ["central", "more taken than there are", (p) => (p.sets.partialSwept[0].allocCount = 505), "allocCount: range"],
    ["central", "a set that is missing", (p) => delete p.sets.fullSwept, "sets.fullSwept: kind"],
    ["timeline", "time that runs back", (p) => (p.samples[1].t = -0.5), "samples[1].t: range"],
    ["timeline", "samples out of order", (p) => (p.samples[2].t = 50), "samples[2].t: order"],
    ["timeline", "more given back than idle", (p) => (p.samples[0].released = 2 ** 30), "samples[0].released: range"],
    ["timeline", "no number", (p) => (p.samples[0].inuse = Number.NaN), "samples[0].inuse: range"],
    ["map", "segments that overlap", (p) => (p.segments[2].from = "0xc000000000"), "segments[2].from: order"],
    ["map", "an end before the start", (p) => (p.segments[0].to = "0x400000"), "segments[0].to: order"],
    ["map", "an address beyond 48 bits", (p) => (p.at = "0x10000000000000"), "at: range"],
    ["slabs", "bits that are not of all regions", (p) => (p.extents[0].bits = "10"), "extents[0].bits: short"],
    ["slabs", "bits that are none", (p) => (p.extents[0].bits = "10x0"), "extents[0].bits: kind"],
    ["slabs", "regions beyond the pages", (p) => (p.extents[0].size = 1025), "extents[0].regions: range"],
    ["slabs", "slots beyond the span", (p) => (p.spans[0].nelems = 9), "spans[0].nelems: range"],
    ["strip", "blocks that overlap", (p) => (p.strips[0].blocks[1].at = 20), "strips[0].blocks[1].at: order"],
    ["strip", "a block beyond the end", (p) => (p.strips[0].blocks[3].size = 21), "strips[0].blocks[3].size: range"],
    ["strip", "a kind that there is not", (p) => (p.strips[0].blocks[0].kind = "lost"), "blocks[0].kind: range"],
    [
      "strip",
      "rows without number",
      (p) => Object.assign(p, { row: 8, strips: [{ ...p.strips[0], bytes: 1000 }] }),
      "row: range",
    ],
    ["slot", "moments of unequal length", (p) => (p.moments[1].bytes = "00".repeat(8)), "moments[1].bytes: short"],
    ["slot", "half a byte", (p) => (p.moments[0].bytes += "0"), "moments[0].bytes: short"],
    ["words", "a digit that is none", (p) => (p.types[0].pointers = "12"), "types[0].pointers: kind"],
    ["words", "more words than the type has", (p) => (p.types[0].pointers = "1111"), "types[0].pointers: range"],
    ["stairs", "half a time", (p) => (p.steps[0].count = 0.5), "steps[0].count: range"],
    ["stairs", "no steps", (p) => (p.steps = []), "steps.length: range"],
  ])("%s: %s", (kind, _name, spoil, where) => {
    const picture = structuredClone(MEMORY_PICTURES[kind]) as Loose;
    spoil(picture);
    expect(readPicture(picture)).toBeNull();
    expect(() => parsePicture(picture)).toThrow(PictureFault);
    expect(() => parsePicture(picture)).toThrow(where);
    expect(markup(picture)).toContain("v-fault");
  });

  test.each(Object.entries(MEMORY_PICTURES))("%s: a reader's copy drops what it does not know", (_kind, picture) => {
    expect(parsePicture({ ...structuredClone(picture), evil: 1 })).toEqual(picture);
  });
});

describe("builders take what the engine reports", () => {
  const go = boot();
  const kept = Array.from({ length: 40 }, (_, i) => go.malloc(8192 * (1 + (i % 7)))).filter((_, i) => i % 3 !== 0);
  const T = array(4, pointer(int64));
  const object = go.new(T);
  go.sweep({ live: [...kept, object] });
  const je = go.offheap.jemalloc();
  for (const size of [24, 24, 700, 3000, 100_000]) je.malloc(size);

  test.each<[string, () => Picture]>([
    ["the page heap", () => show.pages(go.pages())],
    ["a search", () => show.pages(go.pages(), { find: go.findPages(3) })],
    ["a search for too much", () => show.pages(go.pages(), { find: go.findPages(100_000) })],
    ["an mcentral", () => show.central(go.mcentral(go.where(object).spanclass))],
    ["the process's segments", () => show.map(go.segments(), { at: object })],
    ["an allocator", () => show.slabs(je, { go: go.snapshot() })],
    ["its page runs alone", () => show.slabs(je.extents)],
    ["a slot", () => show.slot([{ say: "now", ...go.slot(object) }])],
    [
      "a film of all",
      () =>
        show.steps([
          { say: "1", picture: show.pages(go.pages()) },
          { say: "2", picture: show.slabs(je) },
        ]),
    ],
  ])("%s", (_name, build) => {
    const picture = JSON.parse(JSON.stringify(build())) as Picture;
    expect(parsePicture(picture)).toEqual(picture);
    expect(markup(picture)).not.toMatch(/NaN|undefined|Infinity|v-fault/);
  });

  test("where a search ends in a picture is where the engine found the pages", () => {
    const find = go.findPages(3);
    expect(sentence(show.pages(go.pages(), { find }))).toContain(`Found: 3 pages from ${find.address}`);
  });
});
