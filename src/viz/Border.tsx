/** The number line of sizes in two lanes: small objects above, large ones below, and the bytes between slot and border. */
import { useState } from "preact/hooks";
import { borderWords } from "../i18n/viz-border.ts";
import type { BorderPicture, BorderPoint } from "./data/allocation.ts";
import { Frame, Read, Scrub, say, Twin } from "./parts.tsx";
import type { Lang } from "./read.ts";
import { runs } from "./snapshot.ts";

/** Widest stretch in which each size has a column of its own; beyond it only the given sizes have. */
const COLUMNS = 64;

export function Border({ picture, lang }: { picture: BorderPicture; lang: Lang }) {
  const w = borderWords[lang];
  const { points } = picture;
  const lastSmall = points.findLastIndex((p) => p.lane === "small");
  const named = points.findIndex((p) => p.size === picture.at);
  const [chosen, choose] = useState<number | null>(null);
  const at = Math.min(chosen ?? (named >= 0 ? named : Math.max(lastSmall, 0)), points.length - 1);

  const from = points[0].size;
  const to = points[points.length - 1].size;
  const isDense = to - from < COLUMNS;
  const columns = isDense ? to - from + 1 : points.length;
  const column = (i: number) => (isDense ? points[i].size - from : i);
  const here = points[at];
  const sentence = w.say(here.size, here.lane, here.slot, here.pages);

  // The room between the largest small object and its slot's end, where the columns reach that far.
  const edge = points[lastSmall];
  const room = edge && isDense && lastSmall < points.length - 1 && edge.slot <= to ? edge.slot - edge.size : 0;

  return (
    <Frame kind="border" isLive caption={picture.caption ? say(picture.caption, lang) : w.caption(from, to)}>
      {(["small", "large"] as const).map((lane) => (
        <div key={lane} class="v-lane">
          <p>
            <b>{w[lane]}</b> <span class="num">{costs(points, lane).join(" · ")}</span>
          </p>
          <svg viewBox={`0 0 ${16 * columns} 18`} aria-hidden="true">
            <path class="s-hair" d={`M0 17.5h${16 * columns}`} />
            {points.map((p, i) =>
              p.lane === lane ? (
                <path
                  key={p.size}
                  class={lane === "small" ? "f-noscan" : "f-large"}
                  d={`M${16 * column(i) + 1} 1h14v14h-14z`}
                />
              ) : null,
            )}
            <path
              class="c-gap"
              d={points
                .map((p, i) => (p.lane === lane && lane === "large" ? pageTicks(16 * column(i), p.pages) : ""))
                .join("")}
            />
            {here.lane === lane && <path class="s-sel" d={`M${16 * column(at)} 0h16v16h-16z`} />}
          </svg>
        </div>
      ))}
      <ol class="v-x" aria-hidden="true">
        {points.map((p, i) =>
          (isDense ? p.size % 5 === 0 : points.length <= 8 || i % Math.ceil(points.length / 6) === 0) ? (
            <li
              key={p.size}
              style={{ "--x": `${Math.round(((column(i) + 0.5) / columns) * 1000) / 10}%` }}
              class={column(i) === 0 ? "s" : column(i) === columns - 1 ? "e" : undefined}
            >
              {p.size}
            </li>
          ) : null,
        )}
      </ol>
      {room > 0 && edge && (
        <div class="v-lane">
          <svg viewBox={`0 0 ${16 * columns} 18`} aria-hidden="true">
            <path class="q-noscan" d={`M0 8H${16 * (edge.size - from + 1)}`} />
            <path class="q-bitmap" d={`M${16 * (edge.size - from + 1)} 8h${16 * room}`} />
            <path class="s-sel" d={`M${16 * (edge.slot - from + 1)} 0v17`} />
          </svg>
          <p>
            <b>{w.slot}</b> {w.room(room, edge.slot)}
          </p>
        </div>
      )}
      <Scrub
        label={w.size}
        previous={w.previous}
        next={w.next}
        min={0}
        max={points.length - 1}
        value={at}
        text={sentence}
        set={choose}
      />
      <Read text={sentence} />
      <Twin lang={lang}>
        <table class="v-data">
          <thead>
            <tr>
              {w.columns.map((c, i) => (
                <th key={c} scope="col" class={i === 1 ? undefined : "e"}>
                  {c}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {points.map((p, i) => (
              <tr key={p.size} class={i === lastSmall + 1 && i > 0 ? "turn" : undefined}>
                <td class="e">{p.size}</td>
                <td>{w[p.lane]}</td>
                <td class="e">{p.slot}</td>
                <td class="e">{p.pages}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Twin>
    </Frame>
  );
}

/** Ticks of pages at the top of a large object's square. */
function pageTicks(x: number, pages: number): string {
  let d = "";
  for (let p = 1; p < Math.min(pages, 7); p++)
    d += `M${Math.round((x + 1 + (14 * p) / pages) * 10) / 10 - 0.5} 1h1v5h-1z`;
  return d;
}

/** `32750–32760 → 32768 B / 4` for each run of equal cost in a lane. */
function costs(points: readonly BorderPoint[], lane: "small" | "large"): string[] {
  const inLane = points.filter((p) => p.lane === lane);
  const starts = runs(
    inLane.length,
    (i) => i === 0 || inLane[i].slot !== inLane[i - 1].slot || inLane[i].pages !== inLane[i - 1].pages,
  );
  const first = starts.flatMap(([i, n]) => Array.from({ length: n }, (_, k) => i + k));
  return first.map((i, k) => {
    const last = (first[k + 1] ?? inLane.length) - 1;
    const sizes = last === i ? `${inLane[i].size}` : `${inLane[i].size}–${inLane[last].size}`;
    return `${sizes} → ${inLane[i].slot} B (${inLane[i].pages} × 8192)`;
  });
}
