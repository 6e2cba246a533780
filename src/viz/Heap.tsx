/**
 * Heap strip and span inspector: 64 pages in a line, one span of them enlarged to its slots.
 *
 * 64 squares a row are one word of allocBits. The drawing is made of half words, 32 slots each, side by side in a wide
 * box and one below the other in a narrow one, so that one markup serves both widths. In a half word each run of equal
 * slots is one stroke, 16 units a slot. What holds no objects follows the last slot in the same scale.
 */
import type { HeapSnapshot, SpanSnapshot } from "goheap/observe";
import { useMemo, useRef, useState } from "preact/hooks";
import { type SlotSaid, type VizWords, vizWords } from "../i18n/viz.ts";
import type { HeapDrawing } from "./data.ts";
import { Frame, type Key, Keys, Read, Scrub, say, Twin } from "./parts.tsx";
import type { Lang } from "./read.ts";
import {
  ALLOCATED,
  bit,
  hex,
  isUnswept,
  MARKED,
  nextSlot,
  PAGE_BYTES,
  parseSnapshot,
  ROW,
  ranges,
  runs,
  SURVIVOR,
  slotFlags,
  spanKind,
  sweepDistance,
  trailingZeros,
} from "./snapshot.ts";

export interface HeapProps {
  readonly lang: Lang;
  /** `span`, a page of the span to look at first: by default the fullest that a P holds. `slot`: the next one to go. */
  readonly picture: HeapDrawing;
}

/** Pages in a strip. */
const STRIP = 64;

export function Heap({ lang, picture: props }: HeapProps) {
  const w = vizWords[lang];
  const snapshot = useMemo(() => parseSnapshot(props.snapshot), [props.snapshot]);
  const [chosen, choose] = useState<{ span: number; slot: number } | null>(null);

  const spans = snapshot.spans;
  const index = chosen?.span ?? firstSpan(snapshot, props.span);
  const span = spans[index];
  if (span === undefined) {
    const pages = snapshot.pages.count;
    return (
      <Frame kind="heap" isLive caption={props.caption ? say(props.caption, lang) : w.heap.captionEmpty(pages)}>
        <Strip snapshot={snapshot} selected={-1} w={w} choose={() => {}} />
        <Read text={w.heap.empty} />
      </Frame>
    );
  }
  const start = index === firstSpan(snapshot, props.span) ? props.slot : undefined;
  const slot = Math.min(chosen?.slot ?? start ?? nextSlot(span) ?? 0, Math.max(span.nelems - 1, 0));
  const set = (i: number) => choose({ span: index, slot: i });
  const setSpan = (i: number) => choose({ span: i, slot: nextSlot(spans[i]) ?? 0 });

  const isSlotted = span.state === "inuse" && span.sizeclass !== 0;
  const sentence = isSlotted ? w.heap.slot(slotSaid(snapshot, span, slot)) : wholeSpan(span, w);
  return (
    <Frame kind="heap" isLive caption={props.caption ? say(props.caption, lang) : defaultCaption(span, w)}>
      <Strip snapshot={snapshot} selected={index} w={w} choose={setSpan} />
      {isSlotted ? (
        <SlotMap snapshot={snapshot} span={span} slot={slot} w={w} set={set} />
      ) : (
        <WholeSpan span={span} w={w} />
      )}
      {isSlotted && (
        <Scrub
          label={w.heap.slotLabel}
          previous={w.heap.previousSlot}
          next={w.heap.nextSlot}
          min={0}
          max={span.nelems - 1}
          value={slot}
          text={sentence}
          set={set}
        />
      )}
      <Read text={sentence} />
      <Fields snapshot={snapshot} span={span} w={w} />
      <Keys keys={keysOf(snapshot, span, w)} />
      <HeapTwin snapshot={snapshot} span={span} lang={lang} />
    </Frame>
  );
}

/** Index of the span to begin with, -1 when there is none. */
function firstSpan(snapshot: HeapSnapshot, page: number | undefined): number {
  const named = snapshot.spans.findIndex((s) => page !== undefined && page >= s.page && page < s.page + s.npages);
  if (named >= 0) return named;
  let best = snapshot.spans.length > 0 ? 0 : -1;
  let most = -1;
  for (const [i, s] of snapshot.spans.entries()) {
    if (s.cachedBy === null || s.allocCount <= most) continue;
    best = i;
    most = s.allocCount;
  }
  return best;
}

function defaultCaption(s: SpanSnapshot, w: VizWords): string {
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

function wholeSpan(s: SpanSnapshot, w: VizWords): string {
  if (s.state === "manual") return w.heap.stack(s.base, s.npages);
  return w.heap.large(s.base, Number(s.limit) - Number(s.base), s.npages, isLive(s), s.noscan || s.largeTypeNil);
}

/** True when a large object's only slot is allocated. */
function isLive(s: SpanSnapshot): boolean {
  return s.freeindex > 0 || bit(s.allocBits, 0) === 1;
}

// --------------------------------------------------------------------------------------------------------- the strip

/** What one page of the strip is, when no span covers it. */
type PageState = "free" | "back" | "cached" | "taken" | "none";

function pageState(snapshot: HeapSnapshot, page: number): PageState {
  const i = page - snapshot.pages.first;
  if (i < 0 || i >= snapshot.pages.count) return "none";
  if (bit(snapshot.pages.inUse, i)) return cacheHolds(snapshot, page) ? "cached" : "taken";
  return bit(snapshot.pages.scavenged, i) ? "back" : "free";
}

function cacheHolds(snapshot: HeapSnapshot, page: number): boolean {
  return snapshot.procs.some((p) => {
    const k = page - (Number(p.pcache.base) - Number(snapshot.heapBase)) / PAGE_BYTES;
    return k >= 0 && k < 64 && wordBit(p.pcache.cache, k) === 1;
  });
}

/** Bit `k` of a "0x…" word of 16 digits. */
function wordBit(word: string, k: number): number {
  return (Number.parseInt(word[17 - (k >> 2)], 16) >> (k & 3)) & 1;
}

/** Pages of a window by what they are: runs of spans, and runs of pages without one. */
function stripRuns(snapshot: HeapSnapshot, first: number) {
  const covered = new Array<number>(STRIP).fill(-1);
  for (const [i, s] of snapshot.spans.entries()) {
    const from = Math.max(s.page, first);
    const to = Math.min(s.page + s.npages, first + STRIP);
    for (let p = from; p < to; p++) covered[p - first] = i;
  }
  const states = covered.map((c, k) => (c < 0 ? pageState(snapshot, first + k) : null));
  return { covered, states };
}

function windowOf(snapshot: HeapSnapshot, selected: number): number {
  const page = snapshot.spans[selected]?.page ?? snapshot.pages.first;
  return page - (page % STRIP);
}

function Strip(props: { snapshot: HeapSnapshot; selected: number; w: VizWords; choose: (index: number) => void }) {
  const { snapshot, selected, w, choose } = props;
  const first = windowOf(snapshot, selected);
  const { covered, states } = stripRuns(snapshot, first);
  const base = Number(snapshot.heapBase) + first * PAGE_BYTES;
  const span = snapshot.spans[selected];

  const d: Record<string, string> = {};
  const add = (cls: string, path: string) => {
    d[cls] = (d[cls] ?? "") + path;
  };
  for (let k = 0; k < STRIP; ) {
    let n = 1;
    while (k + n < STRIP && covered[k + n] === covered[k] && states[k + n] === states[k]) n++;
    const x = 16 * k;
    const s = snapshot.spans[covered[k]];
    if (s !== undefined) {
      const kind = spanKind(s);
      add(`f-${kind}`, `M${x + 1} 1h${16 * n - 2}v30H${x + 1}z`);
      if (kind === "scan") add("c-gap", `M${x + 8 * n - 2} 13h4v4h-4z`);
      if (isUnswept(s, snapshot)) add("s-old", `M${x + 1.5} 1.5h${16 * n - 3}v29H${x + 1.5}z`);
      for (let t = 1; t < n; t++) add("c-gap", `M${x + 16 * t} 1h1v7h-1z`);
    } else if (states[k] === "none") {
      for (let t = 0; t < n; t++) add("s-hair", `M${x + 16 * t + 0.5} 26v5`);
      add("s-hair", `M${x} 30.5h${16 * n}`);
    } else {
      const cls = { free: "f-free", cached: "f-free", back: "f-back", taken: "f-pad" }[states[k] as "free"];
      add(cls, `M${x + 1.5} 1.5h${16 * n - 3}v29H${x + 1.5}z`);
      for (let t = 0; t < n && states[k] === "cached"; t++) add("c-ink", `M${x + 16 * t + 4} 25h8v2h-8z`);
    }
    k += n;
  }
  const x0 = span ? 16 * Math.max(span.page - first, 0) : 0;
  const x1 = span ? 16 * Math.min(span.page + span.npages - first, STRIP) : 0;
  const point = (e: PointerEvent & { currentTarget: SVGElement }) => {
    const box = e.currentTarget.getBoundingClientRect();
    const k = Math.min(STRIP - 1, Math.max(0, Math.floor(((e.clientX - box.left) / box.width) * STRIP)));
    if (covered[k] >= 0) choose(covered[k]);
  };
  const step = (by: number) => choose(selected + by);
  return (
    <div class="v-strip">
      <div class="v-ends">
        <span>{hex(base)}</span>
        {span && snapshot.spans.length > 1 && (
          <span class="v-step">
            <button type="button" aria-label={w.heap.previousSpan} disabled={selected === 0} onClick={() => step(-1)}>
              ◂
            </button>
            <span>{w.heap.spanOf(selected + 1, snapshot.spans.length)}</span>
            <button
              type="button"
              aria-label={w.heap.nextSpan}
              disabled={selected === snapshot.spans.length - 1}
              onClick={() => step(1)}
            >
              ▸
            </button>
          </span>
        )}
        <span>{hex(base + STRIP * PAGE_BYTES)}</span>
      </div>
      <svg
        viewBox="0 0 1024 32"
        preserveAspectRatio="none"
        role="img"
        aria-label={w.heap.strip(STRIP, span ? span.page : first)}
        onPointerDown={point}
      >
        {Object.entries(d).map(([cls, path]) => (
          <path key={cls} class={cls} d={path} />
        ))}
        {span && <path class="s-sel" d={`M${x0} 0h${x1 - x0}v32H${x0}z`} />}
      </svg>
      {span && (
        <svg class="v-proj" viewBox="0 0 1024 26" preserveAspectRatio="none" aria-hidden="true">
          <path class="f-proj" d={`M${x0} 0H${x1}L1024 26H0z`} />
        </svg>
      )}
    </div>
  );
}

// ----------------------------------------------------------------------------------------------------------- the map

/** Bytes at a span's end that hold no objects, with the class that draws them. */
function tailOf(s: SpanSnapshot): { tile: "q-pad" | "q-bitmap" | "q-marks"; from: number; bytes: number }[] {
  const { heapBits, inlineMarks } = s.reserved;
  const from = s.nelems * s.elemsize;
  const slack = Math.max(s.npages * PAGE_BYTES - heapBits - inlineMarks - from, 0);
  return [
    { tile: "q-pad" as const, from, bytes: slack },
    { tile: "q-bitmap" as const, from: from + slack, bytes: heapBits },
    { tile: "q-marks" as const, from: from + slack + heapBits, bytes: inlineMarks },
  ].filter((t) => t.bytes > 0);
}

const round = (x: number) => Math.round(x * 100) / 100;

/** Strokes of one half word: class and path. */
function rowStrokes(snapshot: HeapSnapshot, s: SpanSnapshot, flags: Uint8Array, row: number): [string, string][] {
  const from = row * ROW;
  const to = Math.min(from + ROW, s.nelems);
  const old = isUnswept(s, snapshot);
  const kind = spanKind(s);
  const stroke = (is: (f: number) => boolean, y: number, inset = 0) =>
    runs(to, (i) => is(flags[i]), from)
      .map(([i, n]) => `M${16 * (i - from) + inset} ${y}h${16 * n - 2 * inset}`)
      .join("");
  const out: [string, string][] = [
    [old ? "q-old" : "q-free", stroke((f) => (f & ALLOCATED) === 0, 8)],
    [`q-${kind}`, stroke((f) => (f & ALLOCATED) !== 0, 8)],
    ["s-foot", stroke((f) => (f & SURVIVOR) !== 0, 12, 3)],
    ["s-foot", stroke((f) => (f & MARKED) !== 0, 4, 3)],
  ];
  if (old) {
    const squares = runs(to, (i) => (flags[i] & ALLOCATED) !== 0, from).flatMap(([i, n]) =>
      Array.from({ length: n }, (_, k) => `M${16 * (i + k - from) + 1} 1h14v14h-14z`),
    );
    out.push(["s-old", squares.join("")]);
  }
  const unit = 16 / s.elemsize;
  for (const t of tailOf(s)) {
    const x0 = Math.max(t.from * unit - 16 * from, 0);
    const x1 = Math.min((t.from + t.bytes) * unit - 16 * from, 16 * ROW);
    if (x1 > x0) out.push([t.tile, `M${round(x0)} 8H${round(x1)}`]);
  }
  for (const p of snapshot.procs) {
    const i = p.tiny.span === s.id ? p.tiny.slot : null;
    if (i !== null && i >= from && i < to) out.push(["s-open", `M${16 * (i - from) + 3} 3h10v10h-10z`]);
  }
  return out.filter(([, d]) => d !== "");
}

interface MapProps {
  snapshot: HeapSnapshot;
  span: SpanSnapshot;
  slot: number;
  w: VizWords;
  set: (slot: number) => void;
}

function SlotMap({ snapshot, span, slot, w, set }: MapProps) {
  const box = useRef<HTMLDivElement>(null);
  const flags = useMemo(() => slotFlags(span), [span]);
  const squares = Math.ceil((span.npages * PAGE_BYTES) / span.elemsize - 1e-9);
  const rows = useMemo(
    () => Array.from({ length: Math.ceil(squares / ROW) }, (_, r) => rowStrokes(snapshot, span, flags, r)),
    [snapshot, span, flags, squares],
  );
  const next = nextSlot(span);
  const used = flags.reduce((n, f) => n + (f & ALLOCATED), 0);
  const kept = flags.reduce((n, f) => n + ((f & SURVIVOR) >> 1), 0);
  const frame = (i: number, row: number) => `M${16 * (i - row * ROW)} 0h16v16h-16z`;

  /** The slot under a point: rows are 32 or 64 slots, as the box is folded. */
  const at = (e: PointerEvent) => {
    const el = box.current;
    const one = el?.querySelector("svg")?.getBoundingClientRect();
    if (!el || !one || one.width === 0) return;
    const all = el.getBoundingClientRect();
    const cols = ROW * Math.max(1, Math.round(all.width / one.width));
    const col = Math.floor(((e.clientX - all.left) / one.width) * ROW);
    const row = Math.floor((e.clientY - all.top) / one.height);
    const i = row * cols + Math.min(cols - 1, Math.max(0, col));
    set(Math.min(span.nelems - 1, Math.max(0, i)));
  };
  const down = (e: PointerEvent & { currentTarget: HTMLElement }) => {
    e.currentTarget.setPointerCapture(e.pointerId);
    at(e);
  };
  const move = (e: PointerEvent & { currentTarget: HTMLElement }) => {
    if (e.currentTarget.hasPointerCapture(e.pointerId)) at(e);
  };
  return (
    <>
      <div class="v-span">
        <ol aria-hidden="true">
          {runs(Math.ceil(rows.length / 2), () => true).flatMap(([, n]) =>
            Array.from({ length: n }, (_, k) => (
              <li key={k}>{`0x${(k * 64 * span.elemsize).toString(16).padStart(4, "0")}`}</li>
            )),
          )}
        </ol>
        <div
          ref={box}
          class={rows.length > 1 ? "v-map" : "v-map v-one"}
          role="img"
          aria-label={w.heap.map(span.elemsize, w.heap.kind[spanKind(span)], span.nelems, used, kept, next)}
          onPointerDown={down}
          onPointerMove={move}
        >
          {rows.map((strokes, r) => (
            <svg
              key={r}
              viewBox="0 0 512 16"
              aria-hidden="true"
              class={slot >> 5 === r || (next !== null && next >> 5 === r) ? "on" : undefined}
            >
              {strokes.map(([cls, d]) => (
                <path key={cls + d.slice(0, 9)} class={cls} d={d} />
              ))}
              {next !== null && next >> 5 === r && <path class="s-next" d={frame(next, r)} />}
              {slot >> 5 === r && <path class="s-sel" d={frame(slot, r)} />}
            </svg>
          ))}
        </div>
      </div>
      <ul class="v-tail">
        {tailOf(span).map((t) => (
          <li key={t.tile}>
            <svg viewBox="0 0 16 16" aria-hidden="true">
              <path class={t.tile} d="M0 8h16" />
            </svg>
            {t.tile === "q-pad"
              ? w.keys.slack(t.bytes)
              : t.tile === "q-bitmap"
                ? w.keys.heapBits(t.bytes)
                : w.keys.inlineMarks(t.bytes)}
          </li>
        ))}
      </ul>
    </>
  );
}

/** A span without slots to choose from: a large object, or pages managed by hand. */
function WholeSpan({ span, w }: { span: SpanSnapshot; w: VizWords }) {
  const bytes = span.npages * PAGE_BYTES;
  const kind = span.state === "manual" ? "stack" : isLive(span) ? (span.noscan ? "noscan" : "scan") : "free";
  const end = span.state === "manual" ? 1024 : round(((Number(span.limit) - Number(span.base)) / bytes) * 1024);
  let step = 1;
  while (span.npages / step > STRIP) step *= 2;
  let ticks = "";
  for (let p = step; p < span.npages; p += step) ticks += `M${round((p / span.npages) * 1024)} 1v9`;
  const marks =
    (bit(span.allocBits, 0) && span.nelems > 0 ? "M6 26h1012" : "") +
    (span.nelems > 0 && bit(span.gcmarkBits, 0) ? "M6 6h1012" : "");
  return (
    <div class="v-whole">
      <svg viewBox="0 0 1024 32" preserveAspectRatio="none" aria-hidden="true">
        <path class={`f-${kind}`} d={`M1 1H${Math.max(end - 1, 2)}v30H1z`} />
        {end < 1024 && <path class="f-pad" d={`M${end} 1.5H1023v29H${end}z`} />}
        <path class={kind === "free" ? "s-hair" : "s-foot2"} d={ticks} />
        {marks && <path class="s-foot2" d={marks} />}
      </svg>
      <p class="v-note">{step > 1 ? w.heap.ticks(step) : ""}</p>
    </div>
  );
}

// --------------------------------------------------------------------------------------------- fields, key and words

function Fields({ snapshot, span, w }: { snapshot: HeapSnapshot; span: SpanSnapshot; w: VizWords }) {
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

function holder(s: SpanSnapshot, w: VizWords): string {
  const names = [
    ...(s.cachedBy === null ? [] : [w.heap.mcache(s.cachedBy)]),
    ...(s.sets === null ? [] : [`${w.heap.mcentral} ${s.sets}`]),
  ];
  return names.length > 0 ? names.join(" + ") : w.heap.nobody;
}

/** Only what stands in this picture. */
function keysOf(snapshot: HeapSnapshot, span: SpanSnapshot, w: VizWords): Key[] {
  const keys: Key[] = [];
  const kind = spanKind(span);
  const isSlotted = span.state === "inuse" && span.sizeclass !== 0;
  if (isSlotted && kind !== "stack") {
    const flags = slotFlags(span);
    const has = (f: number) => flags.some((v) => (v & f) !== 0);
    const tile = `q-${kind}`;
    keys.push({ tile, words: w.keys[kind] });
    if (has(SURVIVOR)) keys.push({ tile, over: "foot", words: w.keys.survivor });
    if (has(MARKED)) keys.push({ tile, over: "head", words: w.keys.marked });
    if (isUnswept(span, snapshot)) keys.push({ tile, over: "old", words: w.keys.unswept });
    if (snapshot.procs.some((p) => p.tiny.span === span.id)) keys.push({ tile, over: "open", words: w.keys.open });
    keys.push({ tile: "q-free", words: w.keys.free }, { tile: "q-free", over: "sel", words: w.keys.next });
  }
  const { covered, states } = stripRuns(snapshot, windowOf(snapshot, snapshot.spans.indexOf(span)));
  const kinds = new Set(covered.filter((c) => c >= 0).map((c) => spanKind(snapshot.spans[c])));
  const pages = [
    ["scan", w.keys.pageScan],
    ["noscan", w.keys.pageNoscan],
    ["tiny", w.keys.pageTiny],
    ["stack", w.keys.pageStack],
  ] as const;
  for (const [k, words] of pages) if (kinds.has(k) && (k !== kind || !isSlotted)) keys.push({ tile: `f-${k}`, words });
  const seen = new Set(states);
  if (seen.has("free") && !isSlotted) keys.push({ tile: "f-free", words: w.keys.pageFree });
  if (seen.has("cached")) keys.push({ tile: "f-free", over: "page", words: w.keys.pageCached });
  if (seen.has("back")) keys.push({ tile: "f-back", words: w.keys.pageBack });
  if (seen.has("taken")) keys.push({ tile: "f-pad", words: w.keys.pageTaken });
  return keys;
}

function HeapTwin({ snapshot, span, lang }: { snapshot: HeapSnapshot; span: SpanSnapshot; lang: Lang }) {
  const w = vizWords[lang];
  const first = windowOf(snapshot, snapshot.spans.indexOf(span));
  const { covered, states } = stripRuns(snapshot, first);
  const seen = [...new Set(covered)].filter((c) => c >= 0);
  const pageWords = {
    free: w.keys.pageFree,
    back: w.keys.pageBack,
    cached: w.keys.pageCached,
    taken: w.keys.pageTaken,
    none: w.keys.pageNone,
  };
  const flags = slotFlags(span);
  const slots = (f: number, want = f) => ranges(span.nelems, (i) => (flags[i] & f) === want);
  return (
    <Twin lang={lang}>
      {span.nelems > 0 && (
        <ul>
          <li>{w.heap.twinSlots(w.heap.allocated, slots(ALLOCATED))}</li>
          <li>{w.heap.twinSlots(w.heap.survivors, slots(SURVIVOR))}</li>
          {flags.some((f) => (f & MARKED) !== 0) && <li>{w.heap.twinSlots(w.heap.marked, slots(MARKED))}</li>}
          <li>{w.heap.twinSlots(w.heap.freeSlots, slots(ALLOCATED, 0))}</li>
        </ul>
      )}
      <p>{w.heap.twinSpans}</p>
      <ul>
        {seen.map((c) => {
          const s = snapshot.spans[c];
          const size = s.state === "manual" ? "" : `${w.heap.twinBytes(s.elemsize)}, `;
          return (
            <li key={c}>
              {w.heap.twinSpan(s.page, s.npages, `${size}${w.heap.kind[spanKind(s)]}, ${s.allocCount} / ${s.nelems}`)}
            </li>
          );
        })}
        {(Object.keys(pageWords) as PageState[]).map((state) => {
          const pages = runs(STRIP, (k) => states[k] === state).map(([k, n]) =>
            n === 1 ? `${first + k}` : `${first + k}–${first + k + n - 1}`,
          );
          return pages.length > 0 && <li key={state}>{w.heap.twinPages(pageWords[state], pages.join(", "))}</li>;
        })}
      </ul>
    </Twin>
  );
}
