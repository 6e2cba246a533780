/**
 * The heap strip: pages in address order, true to scale, 64 of them; it projects the selected part to the inspector.
 * Where the heap has more pages, a thinner strip of all of them stands above and projects the 64.
 */
import type { HeapSnapshot } from "goheap/observe";
import type { HeapWords } from "../i18n/viz-heap.ts";
import type { PageState, Part } from "./heap-parts.ts";
import { f1 } from "./measure.ts";
import { Ends, Stepper } from "./parts.tsx";
import { hex, isUnswept, PAGE_BYTES, spanKind } from "./snapshot.ts";

/** Pages in a strip. */
export const STRIP = 64;
const W = 1024;

export interface StripProps {
  readonly snapshot: HeapSnapshot;
  readonly parts: readonly Part[];
  readonly selected: number;
  readonly w: HeapWords;
  readonly choose: (part: number) => void;
}

/** First page of the 64 that are shown. */
export function windowOf(snapshot: HeapSnapshot, part: Part | undefined): number {
  const page = part?.page ?? snapshot.pages.first;
  return page - (page % STRIP);
}

export function Strip({ snapshot, parts, selected, w, choose }: StripProps) {
  const part = parts[selected];
  const first = windowOf(snapshot, part);
  const base = Number(snapshot.heapBase);
  const start = snapshot.pages.first - (snapshot.pages.first % STRIP);
  // What is free at the end says nothing: without it most heaps of a page fit into one strip.
  const end = parts.findLast((p) => p.span !== null || p.state === "taken" || p.state === "cached");
  const all = end === undefined ? 0 : Math.ceil((end.page + end.npages - start) / STRIP) * STRIP;
  const x = (page: number) => W * Math.min(Math.max((page - first) / STRIP, 0), 1);
  const at = (from: number, pages: number) => (e: PointerEvent & { currentTarget: SVGElement }) => {
    const box = e.currentTarget.getBoundingClientRect();
    const share = Math.min(Math.max((e.clientX - box.left) / box.width, 0), 1 - 1e-9);
    const page = from + Math.floor(share * pages);
    const i = parts.findIndex((p) => page >= p.page && page < p.page + p.npages);
    if (i >= 0) choose(i);
  };
  const spans = parts.filter((p) => p.span !== null);
  const place = part ? spans.indexOf(part) : -1;
  return (
    <div class="v-strip">
      {all > STRIP && (
        <>
          <Ends from={hex(base + start * PAGE_BYTES)} to={hex(base + (start + all) * PAGE_BYTES)}>
            <span class="v-note">{w.heap.overview(all)}</span>
          </Ends>
          <svg
            class="v-all"
            viewBox={`0 0 ${W} 12`}
            preserveAspectRatio="none"
            role="img"
            aria-label={w.heap.overview(all)}
            onPointerDown={at(start, all)}
          >
            <Pages parts={parts} snapshot={snapshot} from={start} pages={all} height={12} />
            <path
              class="s-sel"
              d={rect(f1(((first - start) / all) * W), f1(((first - start + STRIP) / all) * W), 12)}
            />
          </svg>
          <Projection from={((first - start) / all) * W} to={((first - start + STRIP) / all) * W} />
        </>
      )}
      <Ends from={hex(base + first * PAGE_BYTES)} to={hex(base + (first + STRIP) * PAGE_BYTES)}>
        {part && parts.length > 1 && (
          <Stepper
            text={place >= 0 ? w.heap.spanOf(place + 1, spans.length) : w.heap.between}
            previous={w.heap.previousSpan}
            next={w.heap.nextSpan}
            at={selected}
            last={parts.length - 1}
            set={choose}
          />
        )}
      </Ends>
      <svg
        viewBox={`0 0 ${W} 38`}
        preserveAspectRatio="none"
        role="img"
        aria-label={w.heap.strip(STRIP, part ? part.page : first)}
        onPointerDown={at(first, STRIP)}
      >
        <path class="s-hair" d={ticks()} />
        <g transform="translate(0 6)">
          <Pages parts={parts} snapshot={snapshot} from={first} pages={STRIP} height={32} />
          {part && <path class="s-sel" d={rect(x(part.page), x(part.page + part.npages), 32)} />}
        </g>
      </svg>
      {part && <Projection from={x(part.page)} to={x(part.page + part.npages)} />}
    </div>
  );
}

function rect(x0: number, x1: number, height: number): string {
  return `M${x0} 0h${Math.max(x1 - x0, 2)}v${height}H${x0}z`;
}

/** A tick for each page, a longer one for each eighth. */
function ticks(): string {
  return Array.from({ length: STRIP + 1 }, (_, k) => `M${16 * k} ${k % 8 === 0 ? 0 : 3}V5`).join("");
}

function Projection({ from, to }: { from: number; to: number }) {
  return (
    <svg class="v-proj" viewBox={`0 0 ${W} 26`} preserveAspectRatio="none" aria-hidden="true">
      <path class="f-proj" d={`M${f1(from)} 0H${f1(to)}L${W} 26H0z`} />
    </svg>
  );
}

const GAP: Readonly<Record<Exclude<PageState, "none">, string>> = {
  free: "f-free",
  cached: "f-free",
  back: "f-back",
  taken: "f-pad",
};

/** The pages from..from+pages, 1024 units wide, as paths by class. Marks that need room are left out of a low strip. */
function Pages(props: { parts: readonly Part[]; snapshot: HeapSnapshot; from: number; pages: number; height: number }) {
  const { parts, snapshot, from, pages, height: h } = props;
  const isLow = h < 20;
  const unit = W / pages;
  const d: Record<string, string> = {};
  const add = (cls: string, path: string) => {
    d[cls] = (d[cls] ?? "") + path;
  };
  let page = from;
  const ground = (to: number) => {
    if (to <= page) return;
    if (!isLow) for (let p = page; p < to; p++) add("s-hair", `M${f1((p - from) * unit + 0.5)} ${h - 6}v5`);
    add("s-hair", `M${f1((page - from) * unit)} ${h - 1.5}h${f1((to - page) * unit)}`);
  };
  for (const part of parts) {
    const p0 = Math.max(part.page, from);
    const p1 = Math.min(part.page + part.npages, from + pages);
    if (p1 <= p0) continue;
    ground(p0);
    page = p1;
    const n = p1 - p0;
    const x = f1((p0 - from) * unit);
    const width = Math.max(f1(n * unit), 1);
    const edge = width > 6 ? 1 : 0;
    if (part.span !== null) {
      const kind = spanKind(part.span);
      add(`f-${kind}`, `M${x + edge} 1h${width - 2 * edge}v${h - 2}H${x + edge}z`);
      if (isLow) continue;
      if (kind === "scan") add("c-gap", `M${x + width / 2 - 2} 13h4v4h-4z`);
      if (isUnswept(part.span, snapshot)) add("s-old", `M${x + 1.5} 1.5h${width - 3}v${h - 3}H${x + 1.5}z`);
      for (let t = 1; t < n; t++) add("c-gap", `M${x + 16 * t} 1h1v7h-1z`);
    } else if (part.state !== null && part.state !== "none") {
      add(
        GAP[part.state],
        `M${x + edge / 2 + 0.5} 1.5h${Math.max(width - edge - 1, 0.5)}v${h - 3}H${x + edge / 2 + 0.5}z`,
      );
      if (!isLow && part.state === "cached")
        for (let t = 0; t < n; t++) add("c-ink", `M${x + 16 * t + 4} ${h - 7}h8v2h-8z`);
    }
  }
  ground(from + pages);
  return (
    <>
      {Object.entries(d).map(([cls, path]) => (
        <path key={cls} class={cls} d={path} />
      ))}
    </>
  );
}
