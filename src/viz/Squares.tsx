/**
 * Squares in rows, one a slot or a page: 64 a row in a wide box, 32 in a narrow one, from one markup.
 *
 * It is made of half rows of 32, side by side or one below the other. In a half row each run of equal squares is one
 * stroke, 16 units a square.
 */
import { useRef } from "preact/hooks";
import { ROW } from "./snapshot.ts";

/** Class and path of what is drawn in one half row. */
export type Strokes = readonly (readonly [string, string])[];

interface Props {
  readonly rows: readonly Strokes[];
  readonly label: string;
  /** What stands beside each row of 64, where the page has room for it. */
  readonly rail: readonly string[];
  /** Squares that can be chosen. */
  readonly count: number;
  /** Half rows whose marks reach over their edges: drawn above their neighbours. */
  readonly above?: readonly number[];
  readonly set?: (square: number) => void;
}

export function Squares({ rows, label, rail, count, above = [], set }: Props) {
  const box = useRef<HTMLDivElement>(null);
  /** The square under a point: rows are 32 or 64, as the box is folded. */
  const at = (e: PointerEvent) => {
    const el = box.current;
    const one = el?.querySelector("svg")?.getBoundingClientRect();
    if (!el || !one || one.width === 0) return;
    const all = el.getBoundingClientRect();
    const cols = ROW * Math.max(1, Math.round(all.width / one.width));
    const col = Math.floor(((e.clientX - all.left) / one.width) * ROW);
    const row = Math.floor((e.clientY - all.top) / one.height);
    const i = row * cols + Math.min(cols - 1, Math.max(0, col));
    set?.(Math.min(count - 1, Math.max(0, i)));
  };
  const down = (e: PointerEvent & { currentTarget: HTMLElement }) => {
    e.currentTarget.setPointerCapture(e.pointerId);
    at(e);
  };
  const move = (e: PointerEvent & { currentTarget: HTMLElement }) => {
    if (e.currentTarget.hasPointerCapture(e.pointerId)) at(e);
  };
  return (
    <div class="v-span">
      <ol aria-hidden="true">
        {rail.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ol>
      <div
        ref={box}
        class={`v-map${rows.length > 1 ? "" : " v-one"}${set ? "" : " v-still"}`}
        role="img"
        aria-label={label}
        {...(set ? { onPointerDown: down, onPointerMove: move } : {})}
      >
        {rows.map((strokes, r) => (
          <svg key={r} viewBox="0 0 512 16" aria-hidden="true" class={above.includes(r) ? "on" : undefined}>
            {strokes.map(([cls, d]) => (
              <path key={cls + d.slice(0, 9)} class={cls} d={d} />
            ))}
          </svg>
        ))}
      </div>
    </div>
  );
}

/** A square's outline in its half row, `inset` units within it. */
export function frame(i: number, inset = 0): string {
  const a = 16 - 2 * inset;
  return `M${16 * (i % ROW) + inset} ${inset}h${a}v${a}h-${a}z`;
}

/** A stroke over the squares of half row `row` that `is` true of. */
export function strokeOf(row: number, count: number, is: (i: number) => boolean): string {
  const from = row * ROW;
  let d = "";
  for (let i = from; i < Math.min(from + ROW, count); i++) {
    if (!is(i)) continue;
    const first = i;
    while (i + 1 < Math.min(from + ROW, count) && is(i + 1)) i++;
    d += `M${16 * (first - from)} 8h${16 * (i - first + 1)}`;
  }
  return d;
}

/**
 * The border of the squares that `is` true of, as far as it lies in one half row: `cols` squares a row decide what lies
 * above and below. Both are drawn, and the width of the box shows one (classes n32, n64).
 */
export function borderOf(row: number, count: number, cols: 32 | 64, is: (i: number) => boolean): string {
  const from = row * ROW;
  const isIn = (i: number) => i >= 0 && i < count && is(i);
  const edge = (y: number, by: number) =>
    strokeOf(row, count, (i) => is(i) && !isIn(i + by)).replaceAll(" 8h", ` ${y}h`);
  let d = edge(0, -cols) + edge(16, cols);
  for (let i = from; i < Math.min(from + ROW, count); i++) {
    if (!is(i)) continue;
    if (i % cols === 0 || !isIn(i - 1)) d += `M${16 * (i - from)} 0v16`;
    if (i % cols === cols - 1 || !isIn(i + 1)) d += `M${16 * (i - from) + 16} 0v16`;
  }
  return d;
}

/** A turned-down corner on each square of a half row that `is` true of: it has changed. */
export function earsOf(row: number, count: number, is: (i: number) => boolean): string {
  const from = row * ROW;
  let d = "";
  for (let i = from; i < Math.min(from + ROW, count); i++) if (is(i)) d += `M${16 * (i - from) + 8.5} 1h6.5v6.5z`;
  return d;
}
