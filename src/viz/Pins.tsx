/** Names under or over a drawing, each on a stem to its place: on as many lines as keep them apart. */
import { f1 } from "./measure.ts";

export interface Pin {
  /** Percent of the width. */
  readonly x: number;
  readonly label: string;
}

/** Percent of the width that a letter takes, on the narrowest screen. */
const LETTER = 2.4;

/** Width of a text in letters: a Chinese one is two wide. */
export function lettersOf(text: string): number {
  return [...text].reduce((n, c) => n + (c.codePointAt(0)! > 0x2e80 ? 2 : 1), 0);
}

/** The line that each name stands on. */
export function linesOf(pins: readonly Pin[]): number[] {
  const ends: number[] = [];
  return pins.map(({ x, label }) => {
    const half = (lettersOf(label) * LETTER) / 2 + 0.3;
    const middle = Math.min(Math.max(x, half), Math.max(100 - half, half));
    const at = ends.findIndex((end) => end <= middle - half);
    const line = at < 0 ? ends.length : at;
    ends[line] = middle + half;
    return line;
  });
}

export function Pins({ pins, isUp = false }: { pins: readonly Pin[]; isUp?: boolean }) {
  const sorted = pins.toSorted((a, b) => a.x - b.x);
  const lines = linesOf(sorted);
  if (sorted.length === 0) return null;
  return (
    <div class={isUp ? "v-pins v-up" : "v-pins"} style={{ "--n": Math.max(...lines) + 1 }}>
      {sorted.map((p, i) => (
        <i key={i} style={{ "--x": `${f1(p.x)}%`, "--y": lines[i] }} />
      ))}
      {sorted.map((p, i) => (
        <span key={i} style={{ "--x": `${f1(p.x)}%`, "--y": lines[i], "--l": lettersOf(p.label) }}>
          {p.label}
        </span>
      ))}
    </div>
  );
}
