/** Ps side by side as lanes: who runs there, what lies in the mcache, and where a few named objects are. */
import { vizWords } from "../i18n/viz.ts";
import { lanesWords } from "../i18n/viz-lanes.ts";
import type { LaneSpan, LanesPicture } from "./data/allocation.ts";
import { f1 } from "./measure.ts";
import { Pins } from "./Pins.tsx";
import { Frame, type Key, Keys, Read, Rich, say, Twin } from "./parts.tsx";
import type { Lang } from "./read.ts";
import { bit, runs } from "./snapshot.ts";

/** Go: tinySpanClass, 16 bytes without pointers. */
const TINY_SPAN_CLASS = 5;
const WIDTH = 512;

function tileOf(spanclass: number): string {
  if (spanclass === TINY_SPAN_CLASS) return "f-tiny";
  return spanclass & 1 ? "f-noscan" : "f-scan";
}

export function Lanes({ picture, lang }: { picture: LanesPicture; lang: Lang }) {
  const w = lanesWords[lang];
  const { procs, objects } = picture;
  const holder = (base: string) => procs.find((p) => p.spans.some((s) => s.base === base));
  const bases = procs.flatMap((p) => p.spans.map((s) => s.base));
  const twice = bases.find((b, i) => bases.indexOf(b) !== i);
  const held = (base: string) => {
    const p = holder(base);
    return p ? w.heldBy(p.id) : w.heldByNone;
  };
  const sentence = (o: LanesPicture["objects"][number]) =>
    w.object(o.label, o.address, o.slot, o.span, held(o.span), o.madeOn);
  /** Objects of one span together, and those apart that another P made than holds their span now. */
  const summary = [...new Set(objects.map((o) => o.span))].map((base) => {
    const here = objects.filter((o) => o.span === base);
    const moved = here.filter((o) => o.madeOn !== undefined && o.madeOn !== holder(base)?.id);
    return w.group(
      here.map((o) => o.label),
      here.map((o) => o.slot),
      base,
      held(base),
      moved.map((o) => `${o.label} (P${o.madeOn})`),
    );
  });
  const keys: Key[] = [];
  for (const tile of new Set(procs.flatMap((p) => p.spans.map((s) => tileOf(s.spanclass)))))
    keys.push({ tile, words: w.keyUsed(tile.slice(2)) });
  keys.push({ tile: "f-free", words: w.keyFree }, { tile: "q-free", over: "sel", words: w.keyNext });
  return (
    <Frame kind="lanes" caption={picture.caption ? say(picture.caption, lang) : w.caption}>
      <ol class="v-procs">
        {procs.map((p) => (
          <li key={p.id}>
            <p>
              <b>{`P${p.id}`}</b>
              {p.goroutines.length === 0 && <span>{w.idle}</span>}
              {p.goroutines.map((g) => (
                <span key={g} class="v-g">
                  {g}
                </span>
              ))}
              {p.tinyOffset !== undefined && (
                <span class="v-tinyat">
                  <Rich text={w.tiny(p.tinyOffset)} />
                </span>
              )}
            </p>
            {p.spans.length === 0 && <p class="v-note">{w.noSpans}</p>}
            {p.spans.map((s) => (
              <SpanBar key={s.spanclass} span={s} pins={objects.filter((o) => o.span === s.base)} w={w} />
            ))}
          </li>
        ))}
      </ol>
      <Read
        text={[twice === undefined ? w.say(procs.length, bases.length) : w.shared(twice), ...summary].join(
          lang === "zh" ? "" : " ",
        )}
      />
      <Keys keys={keys} />
      <Twin lang={lang}>
        <ul>
          {procs.flatMap((p) =>
            p.spans.map((s) => (
              <li key={`${p.id} ${s.spanclass}`}>
                {`P${p.id}, alloc[${s.spanclass}], ${s.base}${vizWords[lang].colon}${w.span(s.spanclass < 2 ? 0 : s.elemsize, (s.spanclass & 1) === 1, s.allocCount, s.nelems)}; freeindex ${s.freeindex}`}
              </li>
            )),
          )}
          {objects.map((o) => (
            <li key={o.label}>
              <Rich text={sentence(o)} />
            </li>
          ))}
        </ul>
      </Twin>
    </Frame>
  );
}

/** Slots of the enlarged row. */
const ROW = 32;

/** First slot of the row that shows most of the named objects; without any, of the one where the cursor is. */
function rowOf(s: LaneSpan, slots: readonly number[]): number {
  const rows = slots.filter((i) => i < s.nelems).map((i) => i - (i % ROW));
  const count = (r: number) => rows.filter((x) => x === r).length;
  const best = rows.toSorted((a, b) => count(b) - count(a) || a - b)[0];
  const cursor = Math.min(s.freeindex, s.nelems - 1);
  return best ?? cursor - (cursor % ROW);
}

function SpanBar(props: { span: LaneSpan; pins: LanesPicture["objects"]; w: (typeof lanesWords)["en"] }) {
  const { span: s, pins, w } = props;
  const isTaken = (i: number) => i < s.freeindex || bit(s.allocBits, i) === 1;
  const x = (slot: number) => f1((slot / s.nelems) * WIDTH);
  const first = rowOf(
    s,
    pins.map((p) => p.slot),
  );
  const n = Math.min(ROW, s.nelems - first);
  const next = Array.from({ length: n }, (_, k) => first + k).find((i) => i >= s.freeindex && !isTaken(i));
  const row = (is: (i: number) => boolean) =>
    runs(first + n, is, first)
      .map(([i, k]) => `M${16 * (i - first)} 8h${16 * k}`)
      .join("");
  const shown = pins
    .filter((p) => p.slot >= first && p.slot < first + n)
    .toSorted((a, b) => a.slot - b.slot)
    .map((p) => ({ label: p.label, x: f1(((p.slot - first + 0.5) / ROW) * 100) }));
  const tile = tileOf(s.spanclass);
  return (
    <div class="v-cached">
      <div class="v-ends">
        <span>{`alloc[${s.spanclass}]`}</span>
        <span>{w.span(s.spanclass < 2 ? 0 : s.elemsize, (s.spanclass & 1) === 1, s.allocCount, s.nelems)}</span>
        <span>{s.base}</span>
      </div>
      <svg class="v-bar" viewBox={`0 0 ${WIDTH} 10`} preserveAspectRatio="none" aria-hidden="true">
        <path class="f-free" d={`M.5.5H${WIDTH - 0.5}v9H.5z`} />
        <path
          class={tile}
          d={runs(s.nelems, isTaken)
            .map(([i, k]) => `M${x(i)} 0h${Math.max(x(k), 1)}v10H${x(i)}z`)
            .join("")}
        />
        <path class="s-way" d={`M${x(first)} 12h${x(n)}`} />
      </svg>
      <svg viewBox="0 0 512 16" aria-hidden="true">
        <path class="q-free" d={row((i) => !isTaken(i))} />
        <path class={`q${tile.slice(1)}`} d={row(isTaken)} />
        {next !== undefined && <path class="s-sel" d={`M${16 * (next - first)} 0h16v16h-16z`} />}
      </svg>
      <Pins pins={shown} />
      <p class="v-note">{w.row(first, first + n - 1, s.nelems)}</p>
    </div>
  );
}
