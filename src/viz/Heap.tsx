/**
 * Heap strip and span inspector: the heap's pages in a line, one part of them enlarged: a span to its slots.
 *
 * 64 squares a row are one word of allocBits. What holds no objects follows the last slot in the same scale.
 */
import type { HeapSnapshot, SpanSnapshot } from "goheap/observe";
import { useMemo, useState } from "preact/hooks";
import { type HeapWords, heapWords, type SlotSaid } from "../i18n/viz-heap.ts";
import type { HeapDrawing } from "./data.ts";
import { STRIP, Strip, windowOf } from "./HeapStrip.tsx";
import { firstPart, type PageState, type Part, partsOf } from "./heap-parts.ts";
import { Frame, type Key, Keys, Read, Scrub, say, Twin } from "./parts.tsx";
import type { Lang } from "./read.ts";
import { Gap, isLive, SlotMap, WholeSpan } from "./SpanMap.tsx";
import {
  ALLOCATED,
  bit,
  hex,
  isUnswept,
  MARKED,
  nextSlot,
  PAGE_BYTES,
  parseSnapshot,
  ranges,
  SURVIVOR,
  slotFlags,
  spanKind,
  sweepDistance,
  trailingZeros,
} from "./snapshot.ts";

export interface HeapProps {
  readonly lang: Lang;
  /** `span`, a page of the part to look at first: by default of the fullest span of a P. `slot`: the next one to go. */
  readonly picture: HeapDrawing;
  /** The heap a step earlier, in a film. */
  readonly before?: HeapDrawing | undefined;
}

/** What the reader has pressed: it holds until a step of a film names something else. */
interface Chosen {
  readonly page: number;
  readonly slot: number | null;
  readonly on: HeapDrawing;
}

export function Heap({ lang, picture, before }: HeapProps) {
  const w = heapWords[lang];
  const snapshot = useMemo(() => parseSnapshot(picture.snapshot), [picture.snapshot]);
  const parts = useMemo(() => partsOf(snapshot), [snapshot]);
  const [pressed, press] = useState<Chosen | null>(null);
  const isNamed = picture.span !== undefined || picture.slot !== undefined;
  const chosen = pressed !== null && (pressed.on === picture || !isNamed) ? pressed : null;

  const first = firstPart(parts, picture.span);
  const index = chosen === null ? first : Math.max(firstPart(parts, chosen.page), 0);
  const part = parts[index];
  const choose = (i: number) => press({ page: parts[i].page, slot: null, on: picture });
  const caption = picture.caption ? say(picture.caption, lang) : defaultCaption(snapshot, part, w);
  if (part === undefined || first < 0) {
    return (
      <Frame kind="heap" isLive isWide caption={caption}>
        <Strip snapshot={snapshot} parts={parts} selected={-1} w={w} choose={() => {}} />
        <Read text={w.heap.empty} />
      </Frame>
    );
  }
  const { span } = part;
  const isSlotted = span !== null && span.state === "inuse" && span.sizeclass !== 0;
  const start = index === first ? picture.slot : undefined;
  const slot = span && Math.min(chosen?.slot ?? start ?? nextSlot(span) ?? 0, Math.max(span.nelems - 1, 0));
  const set = (i: number) => press({ page: part.page, slot: i, on: picture });
  const earlier = before?.snapshot.spans.find((s) => s.id === span?.id && s.page === span.page);
  const sentence =
    span === null
      ? gapSaid(snapshot, part, w)
      : isSlotted
        ? w.heap.slot(slotSaid(snapshot, span, slot ?? 0))
        : wholeSpan(span, w);
  return (
    <Frame kind="heap" isLive isWide caption={caption}>
      <Strip snapshot={snapshot} parts={parts} selected={index} w={w} choose={choose} />
      {isSlotted && span ? (
        <SlotMap
          snapshot={snapshot}
          span={span}
          slot={slot ?? 0}
          w={w}
          before={before === undefined ? undefined : (earlier ?? null)}
          set={set}
        />
      ) : span ? (
        <WholeSpan span={span} w={w} />
      ) : (
        <Gap part={part} />
      )}
      {isSlotted && span && (
        <Scrub
          label={w.heap.slotLabel}
          previous={w.heap.previousSlot}
          next={w.heap.nextSlot}
          min={0}
          max={span.nelems - 1}
          value={slot ?? 0}
          text={sentence}
          set={set}
        />
      )}
      <Read text={sentence} />
      {span && <Fields snapshot={snapshot} span={span} w={w} />}
      <Keys keys={keysOf(snapshot, parts, part, before !== undefined, w)} />
      <HeapTwin snapshot={snapshot} parts={parts} part={part} w={w} lang={lang} />
    </Frame>
  );
}

function defaultCaption(snapshot: HeapSnapshot, part: Part | undefined, w: HeapWords): string {
  if (part === undefined) return w.heap.captionEmpty(snapshot.pages.count);
  const s = part.span;
  if (s === null) return w.heap.captionGap(STRIP, part.npages);
  if (s.state === "manual") return w.heap.captionStack(STRIP);
  if (s.sizeclass === 0) return w.heap.captionLarge(STRIP);
  return w.heap.caption(STRIP, Math.floor((s.npages * PAGE_BYTES) / s.elemsize), s.nelems);
}

function slotSaid(snapshot: HeapSnapshot, s: SpanSnapshot, i: number): SlotSaid {
  const value = bit(s.allocBits, i);
  const holder = snapshot.procs.find((p) => p.tiny.span === s.id && p.tiny.slot === i);
  return {
    i,
    address: hex(Number(s.base) + i * s.elemsize),
    state: value ? "survivor" : i < s.freeindex ? "new" : i === nextSlot(s) ? "next" : "free",
    word: i >> 6,
    bit: i & 63,
    value,
    marked: bit(s.gcmarkBits, i) === 1,
    unswept: isUnswept(s, snapshot),
    tiny: holder ? { p: holder.id, offset: holder.tiny.offset } : null,
  };
}

function wholeSpan(s: SpanSnapshot, w: HeapWords): string {
  if (s.state === "manual") return w.heap.stack(s.base, s.npages);
  return w.heap.large(s.base, Number(s.limit) - Number(s.base), s.npages, isLive(s), s.noscan || s.largeTypeNil);
}

function gapSaid(snapshot: HeapSnapshot, part: Part, w: HeapWords): string {
  const address = hex(Number(snapshot.heapBase) + part.page * PAGE_BYTES);
  return w.heap.gap(part.page, part.npages, address, pageWords(w)[part.state ?? "none"]);
}

function pageWords(w: HeapWords): Readonly<Record<PageState, string>> {
  return {
    free: w.keys.pageFree,
    back: w.keys.pageBack,
    cached: w.keys.pageCached,
    taken: w.keys.pageTaken,
    none: w.keys.pageNone,
  };
}

// --------------------------------------------------------------------------------------------- fields, key and words

function Fields({ snapshot, span, w }: { snapshot: HeapSnapshot; span: SpanSnapshot; w: HeapWords }) {
  const h = sweepDistance(span, snapshot);
  const rows: [string, string | number][] =
    span.state === "manual"
      ? [
          ["state", "mSpanManual"],
          ["npages", span.npages],
          ["base", span.base],
          ["limit", span.limit],
          ["needzero", span.needzero],
        ]
      : [
          ["spanclass", `${span.spanclass} (${span.elemsize} B, ${span.noscan ? "noscan" : "scan"})`],
          ["npages", span.npages],
          ["nelems", span.nelems],
          ["allocCount", span.allocCount],
          ["freeindex", span.freeindex],
          ["allocCache", span.allocCache],
          [w.heap.zeros, trailingZeros(span.allocCache)],
          ["sweepgen", `h${h < 0 ? "−" : "+"}${Math.abs(h)}${w.heap.sweep[h] ? ` (${w.heap.sweep[h]})` : ""}`],
          ["needzero", span.needzero],
          ["base", span.base],
          ["limit", span.limit],
          [w.heap.heldBy, holder(span, w)],
        ];
  return (
    <dl class="v-fields">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function holder(s: SpanSnapshot, w: HeapWords): string {
  const names = [
    ...(s.cachedBy === null ? [] : [w.heap.mcache(s.cachedBy)]),
    ...(s.sets === null ? [] : [`${w.heap.mcentral} ${s.sets}`]),
  ];
  return names.length > 0 ? names.join(" + ") : w.heap.nobody;
}

/** Only what stands in this picture. */
function keysOf(snapshot: HeapSnapshot, parts: readonly Part[], part: Part, isFilm: boolean, w: HeapWords): Key[] {
  const keys: Key[] = [];
  const { span } = part;
  const kind = span && spanKind(span);
  const isSlotted = span !== null && span.state === "inuse" && span.sizeclass !== 0;
  if (isSlotted && kind !== null && kind !== "stack") {
    const flags = slotFlags(span);
    const has = (f: number) => flags.some((v) => (v & f) !== 0);
    const tile = `q-${kind}`;
    keys.push({ tile, words: w.keys[kind] });
    if (has(SURVIVOR)) keys.push({ tile, over: "foot", words: w.keys.survivor });
    if (has(MARKED)) keys.push({ tile, over: "head", words: w.keys.marked });
    if (isUnswept(span, snapshot)) keys.push({ tile, over: "old", words: w.keys.unswept });
    if (snapshot.procs.some((p) => p.tiny.span === span.id)) keys.push({ tile, over: "open", words: w.keys.open });
    keys.push({ tile: "q-free", words: w.keys.free }, { tile: "q-free", over: "sel", words: w.keys.next });
    if (isFilm) keys.push({ tile, over: "new", words: w.keys.changed });
  }
  const shown = inWindow(snapshot, parts, part);
  const kinds = new Set(shown.flatMap((p) => (p.span === null ? [] : [spanKind(p.span)])));
  const pages = [
    ["scan", w.keys.pageScan],
    ["noscan", w.keys.pageNoscan],
    ["tiny", w.keys.pageTiny],
    ["stack", w.keys.pageStack],
  ] as const;
  for (const [k, words] of pages) if (kinds.has(k) && (k !== kind || !isSlotted)) keys.push({ tile: `f-${k}`, words });
  const seen = new Set(shown.map((p) => p.state));
  if (seen.has("free") && !isSlotted) keys.push({ tile: "f-free", words: w.keys.pageFree });
  if (seen.has("cached")) keys.push({ tile: "f-free", over: "page", words: w.keys.pageCached });
  if (seen.has("back")) keys.push({ tile: "f-back", words: w.keys.pageBack });
  if (seen.has("taken")) keys.push({ tile: "f-pad", words: w.keys.pageTaken });
  return keys;
}

/** The parts of the 64 pages that are shown. */
function inWindow(snapshot: HeapSnapshot, parts: readonly Part[], part: Part): Part[] {
  const first = windowOf(snapshot, part);
  return parts.filter((p) => p.page < first + STRIP && p.page + p.npages > first);
}

function HeapTwin(props: { snapshot: HeapSnapshot; parts: readonly Part[]; part: Part; w: HeapWords; lang: Lang }) {
  const { snapshot, parts, part, w, lang } = props;
  const shown = inWindow(snapshot, parts, part);
  const { span } = part;
  const flags = span === null ? new Uint8Array() : slotFlags(span);
  const slots = (f: number, want = f) => ranges(flags.length, (i) => (flags[i] & f) === want);
  const words = pageWords(w);
  return (
    <Twin lang={lang}>
      {flags.length > 0 && (
        <ul>
          <li>{w.heap.twinSlots(w.heap.allocated, slots(ALLOCATED))}</li>
          <li>{w.heap.twinSlots(w.heap.survivors, slots(SURVIVOR))}</li>
          {flags.some((f) => (f & MARKED) !== 0) && <li>{w.heap.twinSlots(w.heap.marked, slots(MARKED))}</li>}
          <li>{w.heap.twinSlots(w.heap.freeSlots, slots(ALLOCATED, 0))}</li>
        </ul>
      )}
      <p>{w.heap.twinSpans}</p>
      <ul>
        {shown.map(({ page, npages, span: s, state }) => {
          const size = s === null || s.state === "manual" ? "" : `${w.heap.twinBytes(s.elemsize)}, `;
          const what =
            s === null ? words[state ?? "none"] : `${size}${w.heap.kind[spanKind(s)]}, ${s.allocCount} / ${s.nelems}`;
          return <li key={page}>{w.heap.twinSpan(page, npages, what)}</li>;
        })}
      </ul>
    </Twin>
  );
}
