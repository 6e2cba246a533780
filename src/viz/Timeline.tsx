/**
 * The heap over time: in use at the bottom, above it what is free and kept, on top what was given back, drawn as the
 * page bitmap draws them. A line says what is resident; a cursor reads one moment.
 */
import { useState } from "preact/hooks";
import { timelineWords } from "../i18n/viz-timeline.ts";
import { figure, niceAxis } from "./axis.ts";
import type { Sample, TimelinePicture } from "./data/timeline.ts";
import { bytes, f1 } from "./measure.ts";
import { Frame, type Key, Keys, Read, Scrub, say, Twin } from "./parts.tsx";
import type { Lang } from "./read.ts";

const W = 600;
const H = 240;
const TABLE_ROWS = 48;

export function Timeline({ picture, lang }: { picture: TimelinePicture; lang: Lang }) {
  const w = timelineWords[lang];
  const { samples, marks, lines } = picture;
  const [chosen, choose] = useState<number | null>(null);
  const t0 = samples[0].t;
  const t1 = samples[samples.length - 1].t;
  const i = Math.min(chosen ?? nearest(samples, picture.at ?? t1), samples.length - 1);
  const here = samples[i];
  const hasResident = samples.some((s) => s.resident !== undefined);
  const top = samples.reduce((n, s) => Math.max(n, s.inuse + s.idle, s.resident ?? 0), 0);
  const unit = unitOf(lines.reduce((n, l) => Math.max(n, l.bytes), top));
  const axis = niceAxis(0, Math.max(top, ...lines.map((l) => l.bytes), 1) / unit.bytes);
  const x = (t: number) => f1(t1 === t0 ? W / 2 : (W * (t - t0)) / (t1 - t0));
  const y = (n: number) => f1(H * (1 - n / unit.bytes / axis.hi));

  // Beyond ten seconds milliseconds only make the figures long.
  const isLong = t1 >= 10_000;
  const time = (t: number) => (isLong ? w.seconds(figure(f1(t / 1000))) : w.time(figure(f1(t))));
  const at = marks.filter((m) => nearest(samples, m.t) === i);
  const sentence =
    w.say(
      time(here.t),
      bytes(here.inuse),
      bytes(here.idle - here.released),
      bytes(here.released),
      here.resident === undefined ? null : bytes(here.resident),
    ) + (at.length > 0 ? w.happened(at.map((m) => say(m.label, lang)).join(", ")) : "");

  const point = (e: PointerEvent & { currentTarget: SVGElement }) => {
    const box = e.currentTarget.getBoundingClientRect();
    choose(nearest(samples, t0 + ((e.clientX - box.left) / box.width) * (t1 - t0)));
  };
  const down = (e: PointerEvent & { currentTarget: SVGElement }) => {
    e.currentTarget.setPointerCapture(e.pointerId);
    point(e);
  };
  const keys: Key[] = [
    { tile: "f-large", words: w.keyUsed },
    { tile: "f-free", words: w.keyKept },
    { tile: "f-back", words: w.keyBack },
  ];
  if (hasResident) keys.push({ tile: "", over: "taken", words: w.keyResident });
  return (
    <Frame kind="timeline" isLive isWide caption={picture.caption ? say(picture.caption, lang) : w.caption}>
      <div class="v-plot">
        {marks.length > 0 && (
          <ol class="v-marks" aria-hidden="true">
            {marks
              .filter((m) => m.t >= t0 && m.t <= t1)
              .map((m, k) => (
                <li key={k} style={{ "--x": `${f1((x(m.t) / W) * 100)}%` }} class={x(m.t) > W * 0.7 ? "e" : undefined}>
                  {say(m.label, lang)}
                </li>
              ))}
          </ol>
        )}
        <ol class="v-y" aria-hidden="true">
          {axis.ticks.toReversed().map((t) => (
            <li key={t}>{`${figure(t)}\u00a0${unit.name}`}</li>
          ))}
        </ol>
        <svg
          viewBox={`0 0 ${W} ${H}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={w.plot(time(t0), time(t1))}
          onPointerDown={down}
          onPointerMove={(e) => e.currentTarget.hasPointerCapture(e.pointerId) && point(e)}
        >
          <path class="l-grid" d={axis.ticks.map((t) => `M0 ${y(t * unit.bytes)}h${W}`).join("")} />
          <path
            class="f-back"
            d={band(
              samples,
              x,
              y,
              (s) => s.inuse + s.idle,
              (s) => s.inuse + s.idle - s.released,
            )}
          />
          <path
            class="f-free"
            d={band(
              samples,
              x,
              y,
              (s) => s.inuse + s.idle - s.released,
              (s) => s.inuse,
            )}
          />
          <path
            class="f-large"
            d={band(
              samples,
              x,
              y,
              (s) => s.inuse,
              () => 0,
            )}
          />
          {lines.map((l, k) => (
            <path key={k} class="l2" d={`M0 ${y(l.bytes)}h${W}`} />
          ))}
          {hasResident && (
            <>
              <path class="l-halo" d={polyline(samples, x, y)} />
              <path class="l-res" d={polyline(samples, x, y)} />
            </>
          )}
          <path
            class="l-mark"
            d={marks
              .filter((m) => m.t >= t0 && m.t <= t1)
              .map((m) => `M${x(m.t)} 0V${H}`)
              .join("")}
          />
          <path class="l-halo" d={`M${x(here.t)} 0V${H}`} />
          <path class="l0" d={`M${x(here.t)} 0V${H}`} />
        </svg>
        {lines.length > 0 && (
          <ol class="v-heights" aria-hidden="true">
            {lines.map((l, k) => (
              <li key={k} style={{ "--y": `${f1((y(l.bytes) / H) * 100)}%` }}>
                {say(l.label, lang)}
              </li>
            ))}
          </ol>
        )}
        <ol class="v-x" aria-hidden="true">
          {niceAxis(t0, t1, 5)
            .ticks.filter((t) => t >= t0 && t <= t1)
            .map((t) => (
              <li
                key={t}
                style={{ "--x": `${f1((x(t) / W) * 100)}%` }}
                class={x(t) < 20 ? "s" : x(t) > W - 20 ? "e" : undefined}
              >
                {figure(isLong ? f1(t / 1000) : t)}
              </li>
            ))}
        </ol>
        <p class="v-unit">{isLong ? w.inSeconds : w.columns[0]}</p>
      </div>
      {samples.length > 1 && (
        <Scrub
          label={w.label}
          previous={w.previous}
          next={w.next}
          min={0}
          max={samples.length - 1}
          value={i}
          text={sentence}
          set={choose}
        />
      )}
      <Read text={sentence} />
      <dl class="v-fields">
        {(
          [
            ["HeapInuse", here.inuse],
            ["HeapIdle", here.idle],
            ["HeapReleased", here.released],
            ...(here.resident === undefined ? [] : [[w.resident, here.resident] as const]),
          ] as const
        ).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{bytes(value)}</dd>
          </div>
        ))}
      </dl>
      <Keys keys={keys} />
      <Twin lang={lang}>
        <table class="v-data">
          <thead>
            <tr>
              {w.columns.slice(0, hasResident ? 5 : 4).map((c) => (
                <th key={c} scope="col" class="e">
                  {c}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {samples
              .filter((_, k) => k % Math.ceil(samples.length / TABLE_ROWS) === 0)
              .map((s, k) => (
                <tr key={k}>
                  <td class="e">{figure(f1(s.t))}</td>
                  <td class="e">{s.inuse}</td>
                  <td class="e">{s.idle}</td>
                  <td class="e">{s.released}</td>
                  {hasResident && <td class="e">{s.resident ?? "–"}</td>}
                </tr>
              ))}
          </tbody>
        </table>
      </Twin>
    </Frame>
  );
}

type Scale = (v: number) => number;

/** Place of the sample that is nearest to a time. */
function nearest(samples: readonly Sample[], t: number): number {
  let best = 0;
  for (const [i, s] of samples.entries()) if (Math.abs(s.t - t) < Math.abs(samples[best].t - t)) best = i;
  return best;
}

/** The unit that gives the axis short figures. */
function unitOf(n: number): { name: string; bytes: number } {
  const units = [
    { name: "GiB", bytes: 2 ** 30 },
    { name: "MiB", bytes: 2 ** 20 },
    { name: "KiB", bytes: 2 ** 10 },
  ];
  return units.find((u) => n >= 2 * u.bytes) ?? { name: "B", bytes: 1 };
}

/** The area between two heights. */
function band(
  samples: readonly Sample[],
  x: Scale,
  y: Scale,
  over: (s: Sample) => number,
  under: (s: Sample) => number,
): string {
  const to = samples.map((s) => `${x(s.t)} ${y(over(s))}`);
  const back = samples.toReversed().map((s) => `${x(s.t)} ${y(under(s))}`);
  return `M${to.join("L")}L${back.join("L")}z`;
}

function polyline(samples: readonly Sample[], x: Scale, y: Scale): string {
  return samples
    .filter((s) => s.resident !== undefined)
    .map((s, i) => `${i === 0 ? "M" : "L"}${x(s.t)} ${y(s.resident ?? 0)}`)
    .join("");
}
