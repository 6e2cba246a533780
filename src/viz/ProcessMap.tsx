/**
 * The process from its 48-bit address space down to one byte: six strips, each projecting the piece around the address
 * to the next, all true to scale. The first can be drawn in doublings instead, where what lies low is seen, too.
 */
import { useState } from "preact/hooks";
import { vizWords } from "../i18n/viz.ts";
import { mapWords } from "../i18n/viz-map.ts";
import type { MapPicture, Segment } from "./data/map.ts";
import { bytes, f1 } from "./measure.ts";
import { lettersOf, Pins } from "./Pins.tsx";
import { Ends, Frame, type Key, Keys, Read, Scrub, say, Twin } from "./parts.tsx";
import type { Lang } from "./read.ts";
import { hex, PAGE_BYTES } from "./snapshot.ts";

/** Powers of two of what each strip shows. */
const STRIPS = [48, 40, 26, 22, 13, 6] as const;
const SPACE = 2 ** 48;
const ARENA = 2 ** 26;
const W = 1024;
/** Below this address the doublings begin. */
const LOG_FROM = 12;
/** Names under a strip at most; the rest are in the table. */
const PINS = 9;

const TILE: Readonly<Record<string, string>> = {
  text: "f-marks",
  rodata: "f-marks",
  data: "f-large",
  bss: "f-large",
  heap: "f-points",
  stack: "f-stack",
  runtime: "f-bitmap",
  reserved: "f-back",
};
const tileOf = (kind: string) => (Object.hasOwn(TILE, kind) ? TILE[kind] : "f-pad");

export function ProcessMap({ picture, lang }: { picture: MapPicture; lang: Lang }) {
  const w = mapWords[lang];
  const { segments } = picture;
  const places = placesOf(picture);
  const first = picture.at === undefined ? firstPlace(segments, places) : places.indexOf(Number(picture.at));
  const [chosen, choose] = useState<number | null>(null);
  const [isLog, setLog] = useState(false);
  const i = Math.min(chosen ?? first, places.length - 1);
  const at = places[i];
  const home = segments.find((s) => at >= Number(s.from) && at < Number(s.to));
  const sentence =
    (home === undefined
      ? w.outside(hex(at))
      : w.inside(hex(at), say(home.name, lang), bytes(Number(home.to) - Number(home.from)), home.from, home.to)) +
    (home?.kind === "heap" || home?.kind === "stack"
      ? w.arena(hex(at - (at % ARENA)), Math.floor((at % ARENA) / PAGE_BYTES), at % PAGE_BYTES)
      : "");
  const kinds = [...new Set(segments.map((s) => s.kind))];
  const keys: Key[] = [];
  for (const tile of new Set(kinds.map(tileOf))) {
    const names = kinds
      .filter((k) => tileOf(k) === tile)
      .map((k) => (Object.hasOwn(w.kinds, k) ? w.kinds[k] : w.other));
    keys.push({ tile, words: [...new Set(names)].join(vizWords[lang].comma) });
  }
  keys.push({ tile: "", over: "ground", words: w.keyNone }, { tile: "", over: "sel", words: w.keyHere });
  return (
    <Frame kind="process" isLive isWide caption={picture.caption ? say(picture.caption, lang) : w.caption}>
      <p class="v-choice">
        <label>
          <input type="checkbox" checked={isLog} onChange={(e) => setLog(e.currentTarget.checked)} />
          {w.log}
        </label>
      </p>
      <div role="img" aria-label={w.map(segments.length)}>
        {STRIPS.map((power, k) => (
          <Piece
            key={power}
            power={power}
            inner={STRIPS[k + 1] ?? 0}
            at={at}
            segments={segments}
            isLog={isLog && k === 0}
            name={w.strips[k]}
            lang={lang}
          />
        ))}
      </div>
      <Scrub
        label={w.label}
        previous={w.previous}
        next={w.next}
        min={0}
        max={places.length - 1}
        value={i}
        text={sentence}
        set={choose}
      />
      <Read text={sentence} />
      <Keys keys={keys} />
      <Twin lang={lang}>
        <table class="v-data">
          <thead>
            <tr>
              {w.columns.map((c, n) => (
                <th key={c} scope="col" class={n === 2 ? "e" : undefined}>
                  {c}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {segments.map((s) => (
              <tr key={s.from}>
                <td>{s.from}</td>
                <td>{s.to}</td>
                <td class="e">{Number(s.to) - Number(s.from)}</td>
                <td>{say(s.name, lang)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Twin>
    </Frame>
  );
}

/** Addresses that the scrub bar stops at: the start of each segment, and the one that is asked for. */
function placesOf({ segments, at }: MapPicture): number[] {
  const all = new Set(segments.map((s) => Number(s.from)));
  if (at !== undefined) all.add(Math.min(Number(at), SPACE - 1));
  return [...all].sort((a, b) => a - b);
}

function firstPlace(segments: readonly Segment[], places: readonly number[]): number {
  const heap = segments.find((s) => s.kind === "heap");
  return heap === undefined ? 0 : places.indexOf(Number(heap.from));
}

interface PieceProps {
  /** It shows 2^power bytes, and projects the 2^inner of them around the address. */
  readonly power: number;
  readonly inner: number;
  readonly at: number;
  readonly segments: readonly Segment[];
  readonly isLog: boolean;
  readonly name: readonly [string, string];
  readonly lang: Lang;
}

function Piece({ power, inner, at, segments, isLog, name, lang }: PieceProps) {
  const size = 2 ** power;
  const from = at - (at % size);
  const part = 2 ** inner;
  const start = at - (at % part);
  const x = (a: number) => {
    if (!isLog) return f1(((Math.min(Math.max(a, from), from + size) - from) / size) * W);
    return f1(a < 2 ** LOG_FROM ? 0 : (W * (Math.log2(a) - LOG_FROM)) / (48 - LOG_FROM));
  };
  const inside = segments.filter((s) => Number(s.to) > from && Number(s.from) < from + size);
  const d: Record<string, string> = {};
  for (const s of inside) {
    // A segment narrower than two units would not be seen.
    const x0 = Math.min(x(Number(s.from)), W - 2);
    const x1 = Math.max(x(Number(s.to)), x0 + 2);
    const tile = tileOf(s.kind);
    d[tile] = `${d[tile] ?? ""}M${x0} 1H${f1(x1)}v22H${x0}z`;
  }
  // Ticks: one a piece that the next strip could show, or a power of two of them.
  const step = isLog ? 1 : 2 ** Math.max(inner, power - 6);
  const count = isLog ? 48 - LOG_FROM : size / step;
  const ticks = Array.from({ length: count - 1 }, (_, k) => f1(((k + 1) * W) / count));
  const pins = inside.length > 0 && power >= 26 ? pinsOf(inside, x, lang) : [];
  const [x0, x1] = [x(start), x(start + part)];
  const isByte = inner === 0;
  const here = isByte ? (x(at) + x(at + 1)) / 2 : (x0 + x1) / 2;
  const frame = isByte ? `M${x(at)} 0H${x(at + 1)}v24H${x(at)}z` : `M${x0} 0H${Math.max(x1, x0 + 1)}v24H${x0}z`;
  return (
    <div class="v-piece">
      <div class={power === STRIPS[0] ? undefined : "v-onto"}>
        <Ends from={hex(from)} to={hex(from + size)}>
          <b>{`${name[0]}, ${name[1]}`}</b>
        </Ends>
        <Pins pins={pins} isUp />
      </div>
      <svg viewBox={`0 0 ${W} 24`} preserveAspectRatio="none" aria-hidden="true">
        <path class="s-hair" d={`M0 23.5H${W}${ticks.map((t) => `M${t} 19v5`).join("")}`} />
        {Object.entries(d).map(([cls, path]) => (
          <path key={cls} class={cls} d={path} />
        ))}
        {isByte && <path class="s-cut" d={Array.from({ length: 7 }, (_, k) => `M${(k + 1) * 128} 1v22`).join("")} />}
        <path class="l-halo" d={frame} />
        <path class="s-sel" d={frame} />
      </svg>
      {!isByte && (
        <svg class="v-proj" viewBox={`0 0 ${W} 20`} preserveAspectRatio="none" aria-hidden="true">
          <path class="f-plate" d={`M${f1(here - (x1 - x0) / 2)} 0H${f1(here + (x1 - x0) / 2)}L${W} 20H0z`} />
          <path class="s-hair" d={`M${f1(here - (x1 - x0) / 2)} 0L0 20M${f1(here + (x1 - x0) / 2)} 0L${W} 20`} />
        </svg>
      )}
    </div>
  );
}

/** Names of the segments of a strip; what lies under one name at one place is one pin. */
function pinsOf(inside: readonly Segment[], x: (a: number) => number, lang: Lang) {
  const pins: { x: number; names: string[] }[] = [];
  for (const s of inside) {
    const middle = (100 * (x(Number(s.from)) + x(Number(s.to)))) / 2 / W;
    const last = pins.at(-1);
    const name = short(s, lang);
    if (last !== undefined && middle - last.x < 1.5) last.names.push(name);
    else pins.push({ x: middle, names: [name] });
  }
  return pins.slice(0, PINS).map((p) => {
    const names = [...new Set(p.names)];
    const label = names.length > 2 ? `${names[0]} … ${names[names.length - 1]}` : names.join(" · ");
    return { x: p.x, label };
  });
}

/** A segment's name where a pin has room for it, else what kind of thing it is. */
function short(s: Segment, lang: Lang): string {
  const name = say(s.name, lang);
  if (lettersOf(name) <= 20) return name;
  const { kinds } = mapWords[lang];
  return Object.hasOwn(kinds, s.kind) ? kinds[s.kind] : `${name.slice(0, 18)}…`;
}
