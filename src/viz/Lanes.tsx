/** Ps side by side as lanes: who runs there, what lies in the mcache, and where a few named objects are. */
import { vizWords } from "../i18n/viz.ts";
import type { LaneSpan, LanesPicture, Lang } from "./data.ts";
import { Frame, type Key, Keys, Read, Rich, say, Twin } from "./parts.tsx";

/** Go: tinySpanClass, 16 bytes without pointers. */
const TINY_SPAN_CLASS = 5;
const WIDTH = 512;

const f1 = (x: number) => Math.round(x * 10) / 10;

function tileOf(spanclass: number): string {
  if (spanclass === TINY_SPAN_CLASS) return "f-tiny";
  return spanclass & 1 ? "f-noscan" : "f-scan";
}

export function Lanes({ picture, lang }: { picture: LanesPicture; lang: Lang }) {
  const w = vizWords[lang].lanes;
  const { procs, objects } = picture;
  const holder = (base: string) => procs.find((p) => p.spans.some((s) => s.base === base));
  const bases = procs.flatMap((p) => p.spans.map((s) => s.base));
  const twice = bases.find((b, i) => bases.indexOf(b) !== i);
  const stray = objects.filter((o) => holder(o.span) === undefined);
  const sentence = (o: LanesPicture["objects"][number]) => {
    const p = holder(o.span);
    return w.object(o.label, o.address, o.slot, o.span, p ? w.heldBy(p.id) : w.heldByNone, o.madeOn);
  };
  const keys: Key[] = [];
  for (const tile of new Set(procs.flatMap((p) => p.spans.map((s) => tileOf(s.spanclass)))))
    keys.push({ tile, words: `${w.keyUsed}, ${tile.slice(2)}` });
  keys.push({ tile: "f-free", words: w.keyFree });
  if (objects.length > 0) keys.push({ tile: "", over: "pin", words: w.keyObject });
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
              <SpanBar key={s.spanclass} span={s} pins={objects.filter((o) => o.span === s.base)} words={w.span} />
            ))}
          </li>
        ))}
      </ol>
      <Read
        text={[
          twice === undefined ? w.say(procs.length, bases.length) : w.shared(twice),
          ...objects.map(sentence),
        ].join(lang === "zh" ? "" : " ")}
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
          {stray.map((o) => (
            <li key={o.label}>
              <Rich text={sentence(o)} />
            </li>
          ))}
        </ul>
      </Twin>
    </Frame>
  );
}

function SpanBar(props: {
  span: LaneSpan;
  pins: LanesPicture["objects"];
  words: (size: number, noscan: boolean, used: number, n: number) => string;
}) {
  const { span: s, pins, words } = props;
  const x = (slot: number) => f1((slot / s.nelems) * WIDTH);
  // Up to freeindex every slot is taken; beyond it allocCount says how many, not which.
  const used = x(s.freeindex);
  const more = x(Math.min(s.nelems, Math.max(s.allocCount - s.freeindex, 0) + s.freeindex)) - used;
  return (
    <div class="v-cached">
      <div class="v-ends">
        <span>{`alloc[${s.spanclass}]`}</span>
        <span>{words(s.spanclass < 2 ? 0 : s.elemsize, (s.spanclass & 1) === 1, s.allocCount, s.nelems)}</span>
        <span>{s.base}</span>
      </div>
      <svg viewBox={`0 0 ${WIDTH} 14`} preserveAspectRatio="none" aria-hidden="true">
        <path class="f-free" d={`M.5.5H${WIDTH - 0.5}v13H.5z`} />
        {used > 0 && <path class={tileOf(s.spanclass)} d={`M0 0H${Math.max(used, 2)}v14H0z`} />}
        {more > 0 && <path class="s-hair" d={`M${used} 10.5h${f1(more)}`} />}
      </svg>
      {pins.map((o) => (
        <span key={o.label} class="v-pin" style={{ "--x": `${f1(((o.slot + 0.5) / s.nelems) * 100)}%` }}>
          {o.label}
        </span>
      ))}
    </div>
  );
}
