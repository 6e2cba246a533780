/**
 * The byte ruler: one number, the slot that it gets, and the bytes between. 128 squares in rows of 16 or 32.
 *
 * A square is one byte up to 128 bytes, then 8 and 16, so that the picture never grows. Size classes come from the
 * build, which reads them from the engine.
 */
import { useState } from "preact/hooks";
import { strip } from "../i18n/viz.ts";
import { rulerWords } from "../i18n/viz-ruler.ts";
import { type Key, Keys } from "./parts.tsx";
import type { Lang } from "./read.ts";

export interface ByteRulerProps {
  readonly lang: Lang;
  /** Bytes of each size class, ascending, without class 0. */
  readonly classes: readonly number[];
  /** The size asked for at first. */
  readonly bytes?: number;
}

export const RULER_MAX = 2048;
const SQUARES = 128;
/** Go: maxTinySize; MinSizeForMallocHeader; MallocHeaderSize. */
const TINY = 16;
const MAX_BITMAP = 512;
const HEADER = 8;

/** What an allocation of `n` bytes gets. */
export function placed(n: number, pointers: boolean, classes: readonly number[]) {
  const isTiny = !pointers && n < TINY;
  const header = pointers && n > MAX_BITMAP ? HEADER : 0;
  const slot = isTiny ? TINY : (classes.find((c) => c >= n + header) ?? n + header);
  return { isTiny, header, slot, rest: slot - n - header };
}

// Places of the scrub bar: each byte up to 128, then each 8, then each 32.
const PLACES: readonly number[] = [
  ...Array.from({ length: 128 }, (_, i) => i + 1),
  ...Array.from({ length: 48 }, (_, i) => 136 + 8 * i),
  ...Array.from({ length: 48 }, (_, i) => 544 + 32 * i),
];

export function ByteRuler({ lang, classes, bytes = 33 }: ByteRulerProps) {
  const w = rulerWords[lang];
  const [asked, ask] = useState(bytes);
  const [pointers, setPointers] = useState(false);
  const n = pointers ? Math.ceil(asked / 8) * 8 : asked;
  const { isTiny, header, slot, rest } = placed(n, pointers, classes);
  const unit = slot <= SQUARES ? 1 : slot <= 8 * SQUARES ? 8 : slot <= 16 * SQUARES ? 16 : 32;
  const sentence = isTiny
    ? w.tiny(n)
    : header > 0
      ? w.header(slot, rest)
      : rest === 0
        ? w.exact(slot)
        : w.slot(slot, rest);
  const place = PLACES.findLastIndex((p) => p <= n);
  const set = (v: number) => {
    if (Number.isInteger(v) && v >= 1 && v <= RULER_MAX) ask(v);
  };
  const mine = isTiny ? "f-tiny" : pointers ? "f-scan" : "f-noscan";
  const kind = (i: number) => {
    const b = i * unit;
    if (b < header) return "f-bitmap";
    return b < n + header ? mine : b < slot ? "f-pad" : "f-free";
  };
  const keys: Key[] = [{ tile: mine, words: isTiny ? w.keyTiny : w.keyYours }];
  if (header > 0) keys.push({ tile: "f-bitmap", words: w.keyHeader });
  keys.push({ tile: "f-pad", words: w.keyRest }, { tile: "f-free", words: `${w.keyFree} (${w.scale(unit)})` });
  const last = Math.ceil(slot / unit) - 1;
  return (
    <div class="v v-ruler">
      <p class="v-say">
        {w.before}
        <input
          type="number"
          min={pointers ? 8 : 1}
          max={RULER_MAX}
          step={pointers ? 8 : 1}
          value={n}
          aria-label={w.bytes}
          onInput={(e) => set(Number(e.currentTarget.value))}
        />
        {w.after}
        <output>{sentence}</output>
      </p>
      <div class="v-scrub v-solo">
        <input
          type="range"
          min={0}
          max={PLACES.length - 1}
          value={place}
          aria-label={w.bytes}
          aria-valuetext={strip(`${w.before}${n}${w.after}${sentence}`)}
          onInput={(e) => ask(PLACES[Number(e.currentTarget.value)])}
        />
      </div>
      <div class="v-bytes" aria-hidden="true">
        {Array.from({ length: SQUARES / 16 }, (_, r) => (
          <svg key={r} viewBox="0 0 442 54" aria-hidden="true">
            {["f-bitmap", mine, "f-pad", "f-free"].map((cls) => {
              let d = "";
              for (let i = 16 * r; i < 16 * r + 16; i++) if (kind(i) === cls) d += `M${at(i)} .5h24v46h-24z`;
              return d && <path key={cls} class={cls} d={d} />;
            })}
            {last >> 4 === r && <path class="s-sel" d={`M${at(last) + 26.5} -2v52`} />}
          </svg>
        ))}
      </div>
      <Keys keys={keys} />
      <fieldset class="v-choice">
        <legend>{w.legend}</legend>
        {[false, true].map((yes) => (
          <label key={String(yes)}>
            <input type="radio" name="v-pointers" checked={pointers === yes} onChange={() => setPointers(yes)} />
            {yes ? w.pointersYes : w.pointersNo}
          </label>
        ))}
      </fieldset>
    </div>
  );
}

/** Left edge of square `i` in its row of 16: a wider gap after each word. */
function at(i: number): number {
  const c = i & 15;
  return 27 * c + 5 * (c >> 3) + 0.5;
}
