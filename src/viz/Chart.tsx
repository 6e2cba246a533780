/**
 * Lines, bars and steps. Series are told apart by dashes and hatching, not by hue: colour belongs to memory. Axes run
 * over round figures; labels are text of the page; the same numbers stand below as a table.
 */
import { vizWords } from "../i18n/viz.ts";
import { chartWords } from "../i18n/viz-chart.ts";
import type { ChartOutput } from "../kernel/protocol.ts";
import { figure, logAxis, niceAxis } from "./axis.ts";
import { f1 } from "./measure.ts";
import { Frame, Read, say } from "./parts.tsx";
import type { Lang } from "./read.ts";

const W = 600;
const H = 240;
/** Rows of the table below: as many of the first, and of the last. */
const TABLE_ROWS = 10;

export function Chart({ picture: output, lang }: { picture: ChartOutput; lang: Lang }) {
  const w = chartWords[lang];
  const { series, chart, logY } = output;
  const all = series.flatMap((s) => s.points);
  const caption = output.caption ? say(output.caption, lang) : w.caption;
  const wrong =
    all.length === 0
      ? w.empty
      : all.some(([x, y]) => !Number.isFinite(x) || !Number.isFinite(y))
        ? w.bad
        : logY && all.some(([, y]) => y <= 0)
          ? w.badLog
          : "";
  if (wrong !== "") return <p class="v-fault">{wrong}</p>;

  const xs = [...new Set(all.map((p) => p[0]))].sort((a, b) => a - b);
  const ys = all.map((p) => p[1]);
  const lo = ys.reduce((a, b) => Math.min(a, b));
  const hi = ys.reduce((a, b) => Math.max(a, b));
  const fromZero = chart === "bar" || (lo > 0 && lo < hi / 3);
  const y = logY ? logAxis(lo, hi) : niceAxis(fromZero ? Math.min(lo, 0) : lo, fromZero ? Math.max(hi, 0) : hi);
  const py = (v: number) =>
    f1(H * (1 - (logY ? Math.log(v / y.lo) / Math.log(y.hi / y.lo) : (v - y.lo) / (y.hi - y.lo))));
  const isBar = chart === "bar";
  const x0 = xs[0];
  const x1 = xs[xs.length - 1];
  const px = (v: number) =>
    f1(isBar ? (W * (xs.indexOf(v) + 0.5)) / xs.length : x1 === x0 ? W / 2 : (W * (v - x0)) / (x1 - x0));
  const ticks = isBar
    ? xs.filter((_, i) => i % Math.ceil(xs.length / 8) === 0)
    : niceAxis(x0, x1, 5).ticks.filter((t) => t >= x0 && t <= x1);

  const names = series.map((s) => say(s.name, lang));
  const sentence = series
    .filter((s) => s.points.length > 0)
    .map((s) =>
      w.say(
        names[series.indexOf(s)],
        s.points.length,
        figure(s.points[0][1]),
        figure(s.points[s.points.length - 1][1]),
      ),
    )
    .join(lang === "zh" ? "" : " ");
  return (
    <Frame kind="chart" caption={caption}>
      <ul class="v-keys v-legend">
        {names.map((name, i) => (
          <li key={i}>
            <svg viewBox="0 0 24 16" aria-hidden="true">
              <path class={isBar ? `b${i % 4}` : `l${i % 4}`} d={isBar ? "M1 2h22v12H1z" : "M0 8h24"} />
            </svg>
            {name}
          </li>
        ))}
        {output.y && <li class="v-unit">{`↑ ${say(output.y, lang)}`}</li>}
      </ul>
      <div class="v-plot">
        <ol class="v-y" aria-hidden="true">
          {y.ticks.toReversed().map((t) => (
            <li key={t}>{figure(t)}</li>
          ))}
        </ol>
        <svg viewBox={`0 0 ${W} ${H}`} preserveAspectRatio="none" role="img" aria-label={`${caption}. ${sentence}`}>
          <path class="l-grid" d={y.ticks.map((t) => `M0 ${py(t)}h${W}`).join("")} />
          {series.map((s, i) =>
            isBar ? (
              <path
                key={i}
                class={`b${i % 4}`}
                d={bars(s.points, i, series.length, xs.length, px, py, logY ? H : py(0))}
              />
            ) : (
              <path key={i} class={`l${i % 4}`} d={line(s.points, chart === "step", px, py)} />
            ),
          )}
          {!isBar && chart !== "step" && all.length <= 48 && (
            <path class="l-dot" d={all.map(([a, b]) => `M${px(a)} ${py(b)}h0`).join("")} />
          )}
        </svg>
        <ol class="v-x" aria-hidden="true">
          {ticks.map((t) => (
            <li
              key={t}
              style={{ "--x": `${f1((px(t) / W) * 100)}%` }}
              class={px(t) < 20 ? "s" : px(t) > W - 20 ? "e" : undefined}
            >
              {figure(t)}
            </li>
          ))}
        </ol>
        {output.x && <p class="v-unit">{`${say(output.x, lang)} →`}</p>}
      </div>
      <Read text={sentence} />
      <details class="v-twin">
        <summary>{w.data}</summary>
        <table class="v-data">
          <thead>
            <tr>
              <th scope="col">{output.x ? say(output.x, lang) : "x"}</th>
              {names.map((n, i) => (
                <th key={i} scope="col" class="e">
                  {n}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {xs.map((x, k) =>
              k === TABLE_ROWS && k < xs.length - TABLE_ROWS ? (
                <tr key={x} class="v-gap">
                  <td colSpan={names.length + 1}>{vizWords[lang].table.cut(xs.length - 2 * TABLE_ROWS)}</td>
                </tr>
              ) : k > TABLE_ROWS && k < xs.length - TABLE_ROWS ? null : (
                <tr key={x}>
                  <td>{figure(x)}</td>
                  {series.map((s, i) => (
                    <td key={i} class="e">
                      {s.points
                        .filter((p) => p[0] === x)
                        .map((p) => figure(p[1]))
                        .join(", ") || "–"}
                    </td>
                  ))}
                </tr>
              ),
            )}
          </tbody>
        </table>
      </details>
    </Frame>
  );
}

type Points = readonly (readonly [number, number])[];
type Scale = (v: number) => number;

/**
 * As many points as can be told apart: of those in one of the drawing's columns the first, the lowest, the highest and
 * the last.
 */
export function distinct(points: Points, px: Scale): Points {
  const out: (readonly [number, number])[] = [];
  for (let i = 0; i < points.length; ) {
    const from = i;
    const column = Math.round(px(points[i][0]));
    while (i < points.length && Math.round(px(points[i][0])) === column) i++;
    const group = points.slice(from, i);
    const at = (better: (a: number, b: number) => boolean) =>
      group.reduce((best, p, k) => (better(p[1], group[best][1]) ? k : best), 0);
    const kept = new Set([0, at((a, b) => a < b), at((a, b) => a > b), group.length - 1]);
    out.push(...group.filter((_, k) => kept.has(k)));
  }
  return out;
}

function line(all: Points, isStep: boolean, px: Scale, py: Scale): string {
  const points = distinct(all, px);
  // Where points are dense, a whole unit is fine enough: it is less than a pixel.
  const to = (v: number) => (points.length > 150 ? Math.round(v) : v);
  return points
    .map(([x, y], i) =>
      i === 0 ? `M${to(px(x))} ${to(py(y))}` : isStep ? `H${to(px(x))}V${to(py(y))}` : `L${to(px(x))} ${to(py(y))}`,
    )
    .join("");
}

function bars(points: Points, i: number, of: number, n: number, px: Scale, py: Scale, zero: number): string {
  const band = (W / n) * 0.8;
  const width = band / of;
  return points
    .map(
      ([x, y]) =>
        `M${f1(px(x) - band / 2 + i * width + 0.5)} ${f1(zero)}V${py(y)}h${f1(Math.max(width - 1, 0.5))}V${f1(zero)}z`,
    )
    .join("");
}
