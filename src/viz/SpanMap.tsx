/** The span inspector's enlargement: the slots of a span as squares, or, where there are none, its pages as one bar. */
import type { HeapSnapshot, SpanSnapshot } from "goheap/observe";
import { useMemo } from "preact/hooks";
import type { HeapWords } from "../i18n/viz-heap.ts";
import type { Part } from "./heap-parts.ts";
import { earsOf, frame, Squares } from "./Squares.tsx";
import {
  ALLOCATED,
  bit,
  isUnswept,
  MARKED,
  nextSlot,
  PAGE_BYTES,
  ROW,
  runs,
  SURVIVOR,
  slotFlags,
  spanKind,
} from "./snapshot.ts";

/** Most pages that a bar has a tick for each. */
const TICKS = 64;

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
function rowStrokes(
  snapshot: HeapSnapshot,
  s: SpanSnapshot,
  flags: Uint8Array,
  changed: ReadonlySet<number>,
  row: number,
): [string, string][] {
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
  out.push(["s-new", earsOf(row, s.nelems, (i) => changed.has(i))]);
  return out.filter(([, d]) => d !== "");
}

/** Slots that are allocated now and were not a step earlier, or the other way round, or were marked meanwhile. */
function changedSlots(flags: Uint8Array, before: SpanSnapshot | null | undefined): ReadonlySet<number> {
  if (before === undefined) return new Set();
  const then = before === null ? new Uint8Array(flags.length) : slotFlags(before);
  const known = ALLOCATED | MARKED;
  return new Set([...flags.keys()].filter((i) => (flags[i] & known) !== ((then[i] ?? 0) & known)));
}

interface MapProps {
  readonly snapshot: HeapSnapshot;
  readonly span: SpanSnapshot;
  readonly slot: number;
  readonly w: HeapWords;
  /** The span a step earlier; null: it was not there; undefined: there is no step earlier. */
  readonly before: SpanSnapshot | null | undefined;
  readonly set: (slot: number) => void;
}

/** The slots of a span as squares. `before`: the same span a step earlier; what has changed since is framed. */
export function SlotMap({ snapshot, span, slot, w, before, set }: MapProps) {
  const flags = useMemo(() => slotFlags(span), [span]);
  const squares = Math.ceil((span.npages * PAGE_BYTES) / span.elemsize - 1e-9);
  const next = nextSlot(span);
  const changed = useMemo(() => changedSlots(flags, before), [flags, before]);
  const rows = useMemo(
    () => Array.from({ length: Math.ceil(squares / ROW) }, (_, r) => rowStrokes(snapshot, span, flags, changed, r)),
    [snapshot, span, flags, changed, squares],
  );
  const used = flags.reduce((n, f) => n + (f & ALLOCATED), 0);
  const kept = flags.reduce((n, f) => n + ((f & SURVIVOR) >> 1), 0);
  const marked = rows.map((strokes, r) => [
    ...strokes,
    ...(next !== null && next >> 5 === r ? [["s-next", frame(next)] as const] : []),
    ...(slot >> 5 === r ? [["s-sel", frame(slot)] as const] : []),
  ]);
  return (
    <>
      <Squares
        rows={marked}
        label={w.heap.map(span.elemsize, w.heap.kind[spanKind(span)], span.nelems, used, kept, next)}
        rail={Array.from(
          { length: Math.ceil(rows.length / 2) },
          (_, k) => `0x${(k * 64 * span.elemsize).toString(16).padStart(4, "0")}`,
        )}
        count={span.nelems}
        above={[slot >> 5, ...(next === null ? [] : [next >> 5])]}
        set={set}
      />
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
export function WholeSpan({ span, w }: { span: SpanSnapshot; w: HeapWords }) {
  const bytes = span.npages * PAGE_BYTES;
  const kind = span.state === "manual" ? "stack" : isLive(span) ? (span.noscan ? "noscan" : "scan") : "free";
  const end = span.state === "manual" ? 1024 : round(((Number(span.limit) - Number(span.base)) / bytes) * 1024);
  let step = 1;
  while (span.npages / step > TICKS) step *= 2;
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

/** True when a large object's only slot is allocated. */
export function isLive(s: SpanSnapshot): boolean {
  return s.freeindex > 0 || bit(s.allocBits, 0) === 1;
}

/** Pages without a span, as one bar. */
export function Gap({ part }: { part: Part }) {
  const tile = { free: "f-free", cached: "f-free", back: "f-back", taken: "f-pad", none: "f-free" }[
    part.state ?? "none"
  ];
  let step = 1;
  while (part.npages / step > TICKS) step *= 2;
  let ticks = "";
  for (let p = step; p < part.npages; p += step) ticks += `M${round((p / part.npages) * 1024)} 1v9`;
  return (
    <div class="v-whole">
      <svg viewBox="0 0 1024 32" preserveAspectRatio="none" aria-hidden="true">
        <path class={tile} d="M1 1.5h1022v29H1z" />
        <path class="s-hair" d={ticks} />
      </svg>
    </div>
  );
}
