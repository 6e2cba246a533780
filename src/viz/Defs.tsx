/**
 * Patterns of the memory alphabet. They stand once in a page; every picture refers to them by name, from viz.css.
 *
 * `p-…` fill areas (pages, blocks, bytes); `q-…` are tiles of 16 units, one slot each, so that a run of equal slots
 * is one stroke of 16 units' width.
 */
import type { ComponentChildren } from "preact";

export const DEFS_ID = "viz-defs";

function Pattern(props: { id: string; size: number; turn?: boolean; children: ComponentChildren }) {
  return (
    <pattern
      id={props.id}
      width={props.size}
      height={props.size}
      patternUnits="userSpaceOnUse"
      {...(props.turn ? { patternTransform: "rotate(45)" } : {})}
    >
      {props.children}
    </pattern>
  );
}

/** Rows of horizontal bars in a slot: four of 3 units, parted by gaps of paper. */
const BARS = "M1 2.5h14M1 6.2h14M1 9.9h14M1 13.6h14";

/** A chequer of 2-unit cells, 7 by 7 of them, in a slot. */
const CHEQUER = [1, 3, 5, 7, 9, 11, 13]
  .map((y, r) => `M${r % 2 === 0 ? 1 : 3} ${y}${"h2v2h-2zm4 0".repeat(r % 2 === 0 ? 4 : 3)}`)
  .join("");

export function Defs() {
  return (
    <svg id={DEFS_ID} class="v-defs" aria-hidden="true" focusable="false" width="0" height="0">
      <defs>
        <Pattern id="p-scan" size={12}>
          <path class="c-scan" d="M0 0h12v12H0z" />
          <path class="c-gap" d="M4.5 4.5h3v3h-3z" />
        </Pattern>
        <Pattern id="p-noscan" size={4}>
          <path class="c-paper" d="M0 0h4v4H0z" />
          <path class="c-noscan" d="M0 0h4v3H0z" />
        </Pattern>
        <Pattern id="p-tiny" size={4}>
          <path class="c-paper" d="M0 0h4v4H0z" />
          <path class="c-tiny" d="M0 0h3v4H0z" />
        </Pattern>
        <Pattern id="p-bitmap" size={4}>
          <path class="c-paper" d="M0 0h4v4H0z" />
          <path class="c-meta" d="M0 0h2v2H0zM2 2h2v2H2z" />
        </Pattern>
        <Pattern id="p-marks" size={3}>
          <path class="c-paper" d="M0 0h3v3H0z" />
          <path class="c-meta" d="M0 0h1.5v3H0z" />
        </Pattern>
        <Pattern id="p-stack" size={6}>
          <path class="c-meta" d="M0 0h6v6H0z" />
          <path class="c-paper" d="M0 2h6v2H0z" />
        </Pattern>
        <Pattern id="p-back" size={6}>
          <path class="c-paper" d="M0 0h6v6H0z" />
          <path class="c-rule" d="M2.5 2.5h1v1h-1z" />
        </Pattern>
        <Pattern id="p-pad" size={5} turn>
          <path class="c-paper" d="M0 0h5v5H0z" />
          <path class="c-rule" d="M0 0h1v5H0z" />
        </Pattern>
        <Pattern id="q-free" size={16}>
          <path class="f-free" d="M1.5 1.5h13v13h-13z" />
        </Pattern>
        <Pattern id="q-used" size={16}>
          <path class="f-large" d="M1 1h14v14H1z" />
        </Pattern>
        <Pattern id="q-back" size={16}>
          <path class="f-back" d="M1.5 1.5h13v13h-13z" />
        </Pattern>
        <Pattern id="q-old" size={16}>
          <path class="f-old" d="M1.5 1.5h13v13h-13z" />
        </Pattern>
        <Pattern id="q-scan" size={16}>
          <path class="c-scan" d="M1 1h14v14H1z" />
          <path class="c-gap" d="M6.5 5.5h3v3h-3z" />
        </Pattern>
        <Pattern id="q-noscan" size={16}>
          <path class="o-noscan" d={BARS} />
        </Pattern>
        <Pattern id="q-tiny" size={16}>
          <path class="o-tiny" d="M2.5 1v14M6.2 1v14M9.9 1v14M13.6 1v14" />
        </Pattern>
        <Pattern id="q-pad" size={16}>
          <path class="f-free" d="M1.5 1.5h13v13h-13z" />
          <path class="s-hair" d="M2 8 8 2M2 14 14 2M8 14l6-6" />
        </Pattern>
        <Pattern id="q-bitmap" size={16}>
          <path class="c-meta" d={CHEQUER} />
        </Pattern>
        <Pattern id="q-marks" size={16}>
          <path class="o-meta" d="M1.7 1v14M4.85 1v14M8 1v14M11.15 1v14M14.3 1v14" />
        </Pattern>
      </defs>
    </svg>
  );
}
