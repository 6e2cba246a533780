/**
 * Page runs of a jemalloc-style allocator beside the spans of the Go heap: a line each, all to one scale, with what is
 * taken in them. A slab and a span are the same idea; their sizes are not.
 */

import { vizWords } from "../i18n/viz.ts";
import { slabsWords } from "../i18n/viz-slabs.ts";
import { EXTENT_PAGE, type Extent, type SlabSpan, type SlabsPicture, SPAN_PAGE } from "./data/slabs.ts";
import { bytes, f1 } from "./measure.ts";
import { Frame, type Key, Keys, Read, say, Twin } from "./parts.tsx";
import type { Lang } from "./read.ts";
import { bit, runs } from "./snapshot.ts";

const W = 512;
/** Bytes of the whole width at least and at most: what is longer is cut. */
const MIN_SCALE = 8_192;
const MAX_SCALE = 65_536;
/** Lines that are drawn of each side. */
const DRAWN = 4;

/** One line: a run of pages cut into slots of one size, or none. */
interface Line {
  readonly address: string;
  readonly bytes: number;
  /** Bytes of a slot; 0: it has none. */
  readonly size: number;
  readonly slots: number;
  readonly isTaken: (i: number) => boolean;
  readonly taken: number;
  readonly tile: string;
  readonly head: string;
  readonly words: string;
  /** What it holds, the same for all of its class. */
  readonly what: string;
}

export function Slabs({ picture, lang }: { picture: SlabsPicture; lang: Lang }) {
  const w = slabsWords[lang];
  const c = vizWords[lang].comma;
  const left = picture.extents.map((e) => extentLine(e, w));
  const right = picture.spans?.map((s) => spanLine(s, w, c));
  // Those that are cut into slots decide; a large block or a free run may be cut.
  const longest = [...left, ...(right ?? [])].reduce((n, l) => (l.slots > 1 ? Math.max(n, l.bytes) : n), MIN_SCALE);
  const scale = Math.min(2 ** Math.ceil(Math.log2(longest)), MAX_SCALE);
  const sum = (lines: readonly Line[]) => lines.reduce((n, l) => n + l.bytes, 0);
  const taken = (lines: readonly Line[]) => lines.reduce((n, l) => n + l.taken * l.size, 0);
  const sentence =
    right === undefined
      ? w.say(bytes(taken(left)), bytes(sum(left)))
      : w.sayBoth(bytes(taken(left)), bytes(sum(left)), bytes(taken(right)), bytes(sum(right)));
  const caption = right === undefined ? w.caption : w.captionBoth;
  return (
    <Frame kind="slabs" isWide caption={picture.caption ? say(picture.caption, lang) : caption}>
      <div class="v-sides">
        <Side name={w.offheap} sum={w.sum(left.length, bytes(sum(left)))} lines={left} scale={scale} w={w} />
        {right && <Side name={w.go} sum={w.spans(right.length, bytes(sum(right)))} lines={right} scale={scale} w={w} />}
      </div>
      <p class="v-note">{w.scale(bytes(scale))}</p>
      <Read text={sentence} />
      <Keys keys={keysOf([...left, ...(right ?? [])], picture, w, c)} />
      <Twin lang={lang}>
        <table class="v-data">
          <thead>
            <tr>
              {w.columns.map((name, i) => (
                <th key={name} scope="col" class={i === 1 || i > 2 ? "e" : undefined}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {[...classesOf(w.offheap, left), ...classesOf(w.go, right ?? [])].map((row) => (
              <tr key={row.join()}>
                {row.map((cell, i) => (
                  <td key={w.columns[i]} class={i === 1 || i > 2 ? "e" : undefined}>
                    {cell}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Twin>
    </Frame>
  );
}

type Said = (typeof slabsWords)["en"];

/** All lines of a side by what they hold: how many of them, their bytes, slots taken and slots. */
function classesOf(side: string, lines: readonly Line[]): (string | number)[][] {
  const rows = new Map<string, { lines: number; bytes: number; taken: number; slots: number }>();
  for (const l of lines) {
    const row = rows.get(l.what) ?? { lines: 0, bytes: 0, taken: 0, slots: 0 };
    row.lines++;
    row.bytes += l.bytes;
    row.taken += l.taken;
    row.slots += l.slots;
    rows.set(l.what, row);
  }
  return [...rows].map(([what, r]) => [side, r.lines, what, r.bytes, r.slots === 0 ? "–" : `${r.taken} / ${r.slots}`]);
}

function extentLine(e: Extent, w: Said): Line {
  const isSlab = e.state === "slab";
  return {
    address: e.address,
    bytes: e.pages * EXTENT_PAGE,
    size: e.size,
    slots: e.regions,
    isTaken: (i) => (isSlab ? e.bits[i] === "1" : e.live > 0),
    taken: isSlab ? [...e.bits].filter((b) => b === "1").length : e.live,
    tile: { slab: "f-noscan", large: "f-noscan", dirty: "f-free", muzzy: "f-old", retained: "f-back" }[e.state],
    head: w.pages(e.pages, bytes(EXTENT_PAGE)),
    what: isSlab ? w.slab(e.size) : w.state[e.state],
    words: isSlab
      ? w.slots(e.size, [...e.bits].filter((b) => b === "1").length, e.regions)
      : e.state === "large" && e.live === 0
        ? w.cached
        : w.state[e.state],
  };
}

function spanLine(s: SlabSpan, w: Said, comma: string): Line {
  let taken = 0;
  for (let i = 0; i < s.nelems; i++) taken += bit(s.taken, i);
  return {
    address: s.base,
    bytes: s.npages * SPAN_PAGE,
    size: s.elemsize,
    slots: s.nelems,
    isTaken: (i) => bit(s.taken, i) === 1,
    taken,
    tile: s.kind === "scan" ? "f-points" : `f-${s.kind}`,
    head: w.pages(s.npages, bytes(SPAN_PAGE)),
    what: s.nelems === 0 ? w.kind[s.kind] : `${w.slot(s.elemsize)}${comma}${w.kind[s.kind]}`,
    words: s.nelems === 0 ? w.kind[s.kind] : `${w.slots(s.elemsize, taken, s.nelems)}${comma}${w.kind[s.kind]}`,
  };
}

function Side(props: { name: string; sum: string; lines: readonly Line[]; scale: number; w: Said }) {
  const { name, sum, lines, scale, w } = props;
  return (
    <section>
      <p class="v-side">
        <b>{name}</b>
        <span>{lines.length === 0 ? w.none : sum}</span>
      </p>
      <ul>
        {lines.slice(0, DRAWN).map((l, i) => (
          <li key={i}>
            <p>
              <span>{l.address}</span>
              <span>{l.head}</span>
              <span>{l.words}</span>
            </p>
            <Bar line={l} scale={scale} />
          </li>
        ))}
      </ul>
      {lines.length > DRAWN && <p class="v-note">{w.more(lines.length - DRAWN)}</p>}
    </section>
  );
}

function Bar({ line: l, scale }: { line: Line; scale: number }) {
  const shown = Math.min(l.bytes, scale);
  const end = f1((shown / scale) * W);
  const isCut = l.bytes > scale;
  const x = (byte: number) => Math.min(f1((byte / scale) * W), isCut ? end - 5 : end);
  // Where it is cut the edge is torn.
  const edge = isCut ? `l-4 3l4 3l-4 3l4 2.5` : "v11.5";
  const box = `M.5.5H${end - 0.5}${edge}H.5z`;
  const used = l.slots * l.size;
  const unit = (l.size / scale) * W;
  return (
    <svg viewBox={`0 0 ${W} 12`} preserveAspectRatio="none" aria-hidden="true">
      {l.slots === 0 || l.size === 0 ? (
        <path class={l.tile} d={box} />
      ) : (
        <>
          <path class="f-free" d={box} />
          <path
            class={l.tile}
            d={runs(l.slots, l.isTaken)
              .filter(([i]) => i * l.size < shown)
              .map(([i, n]) => `M${x(i * l.size)} 0H${x((i + n) * l.size)}v12H${x(i * l.size)}z`)
              .join("")}
          />
          {unit >= 6 && l.slots > 1 && (
            <path
              class="c-gap"
              d={`M${f1(unit) - 0.5} 1${`h1v10h-1zm${Number(unit.toFixed(3))} 0`.repeat(Math.max(0, Math.ceil(shown / l.size) - 1))}`}
            />
          )}
          {used < shown && <path class="f-pad" d={`M${x(used)} .5H${end - 0.5}v11H${x(used)}z`} />}
        </>
      )}
    </svg>
  );
}

function keysOf(lines: readonly Line[], { extents, spans }: SlabsPicture, w: Said, comma: string): Key[] {
  const keys: Key[] = [];
  const has = (state: Extent["state"]) => extents.some((e) => e.state === state);
  const kind = (k: SlabSpan["kind"]) => spans?.some((s) => s.kind === k) === true;
  if (has("slab") || has("large") || kind("noscan"))
    keys.push({ tile: "f-noscan", words: has("slab") || has("large") ? w.keyBlock : w.keyNoscan });
  if (kind("scan")) keys.push({ tile: "f-points", words: w.keyScan });
  if (kind("tiny")) keys.push({ tile: "f-tiny", words: w.keyTiny });
  if (kind("stack")) keys.push({ tile: "f-stack", words: w.keyStack });
  const free = [...(lines.some((l) => l.taken < l.slots) ? [w.keyFree] : []), ...(has("dirty") ? [w.keyDirty] : [])];
  if (free.length > 0) keys.push({ tile: "f-free", words: free.join(comma) });
  if (lines.some((l) => l.slots > 0 && l.slots * l.size < l.bytes)) keys.push({ tile: "f-pad", words: w.keyTail });
  if (has("muzzy")) keys.push({ tile: "f-old", words: w.keyMuzzy });
  if (has("retained")) keys.push({ tile: "f-back", words: w.keyRetained });
  return keys;
}
