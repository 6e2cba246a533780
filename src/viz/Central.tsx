/**
 * The four sets of one mcentral as a 2 × 2 board: swept and not, with a free slot and without. Numbers say in which
 * order a refill asks them. A span is a bar, filled as far as its slots are taken.
 */
import { centralWords } from "../i18n/viz-central.ts";
import { type CentralPicture, type CentralSpan, SETS, type SetName } from "./data/central.ts";
import { f1 } from "./measure.ts";
import { Frame, type Key, Keys, Read, Rich, say, Twin } from "./parts.tsx";
import type { Lang } from "./read.ts";

/** Spans of a set that are drawn; the others are counted. */
const DRAWN = 12;
/** Order in which cacheSpan asks the sets. Go: runtime/mcentral.go (cacheSpan). */
const ORDER: Readonly<Record<SetName, number>> = { partialSwept: 1, partialUnswept: 2, fullUnswept: 3, fullSwept: 0 };

export function Central({ picture, lang }: { picture: CentralPicture; lang: Lang }) {
  const w = centralWords[lang];
  const { spanclass, sweepgen, elemsize, sets } = picture;
  const noscan = (spanclass & 1) === 1;
  const tile = noscan ? "f-noscan" : "f-points";
  const counts = Object.fromEntries(SETS.map((s) => [s, sets[s].length])) as Record<SetName, number>;
  // Go: mcentral.partial and full are pairs; which of a pair holds the swept spans turns with each cycle.
  const swept = (sweepgen >>> 1) % 2;
  const cell = (name: SetName, field: string) => (
    <div class="v-set">
      <p>
        <b>{ORDER[name] || "–"}</b>
        <samp>{field}</samp>
        <span>{ORDER[name] ? w.order(ORDER[name]) : w.never}</span>
      </p>
      {sets[name].length === 0 ? (
        <p class="v-note">{w.none}</p>
      ) : (
        <ul>
          {sets[name].slice(0, DRAWN).map((s) => (
            <li key={s.span}>
              <span>{s.span}</span>
              <span>{w.taken(s.allocCount, s.nelems)}</span>
              <Bar span={s} tile={tile} isOld={distance(s, sweepgen) < 0} />
            </li>
          ))}
        </ul>
      )}
      {sets[name].length > DRAWN && <p class="v-note">{w.more(sets[name].length - DRAWN)}</p>}
    </div>
  );
  const all = SETS.flatMap((s) => sets[s]);
  const keys: Key[] = [];
  if (all.some((s) => s.allocCount > 0)) keys.push({ tile, words: w.keyTaken });
  if (all.some((s) => s.allocCount < s.nelems)) keys.push({ tile: "f-free", words: w.keyFree });
  if (all.some((s) => distance(s, sweepgen) < 0)) keys.push({ tile, over: "old", words: w.keyOld });
  return (
    <Frame
      kind="central"
      caption={picture.caption ? say(picture.caption, lang) : w.caption(spanclass, elemsize, noscan)}
    >
      <div class="v-board">
        <p class="v-col">
          <b>{w.swept}</b>
          <span>
            <Rich text={w.sweptGen} />
          </span>
        </p>
        <p class="v-col">
          <b>{w.unswept}</b>
          <span>
            <Rich text={w.unsweptGen} />
          </span>
        </p>
        <p class="v-row">{w.partial}</p>
        {cell("partialSwept", `partial[${swept}]`)}
        {cell("partialUnswept", `partial[${1 - swept}]`)}
        <p class="v-row">{w.full}</p>
        {cell("fullSwept", `full[${swept}]`)}
        {cell("fullUnswept", `full[${1 - swept}]`)}
      </div>
      <Read text={`${w.say(sweepgen, counts)}${lang === "zh" ? "" : " "}${w.next(counts)}`} />
      {keys.length > 0 && <Keys keys={keys} />}
      <Twin lang={lang}>
        <table class="v-data">
          <thead>
            <tr>
              {w.columns.map((c, i) => (
                <th key={c} scope="col" class={i > 1 ? "e" : undefined}>
                  {c}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {SETS.flatMap((name) =>
              sets[name].map((s) => (
                <tr key={name + s.span}>
                  <td>{name}</td>
                  <td>{s.span}</td>
                  <td class="e">{s.allocCount}</td>
                  <td class="e">{s.nelems}</td>
                  <td class="e">{`${s.sweepgen} = h${away(distance(s, sweepgen))}`}</td>
                </tr>
              )),
            )}
          </tbody>
        </table>
      </Twin>
    </Frame>
  );
}

function distance(s: CentralSpan, sweepgen: number): number {
  return (s.sweepgen - sweepgen) | 0;
}

function away(d: number): string {
  return d === 0 ? "" : ` ${d < 0 ? "−" : "+"} ${Math.abs(d)}`;
}

function Bar({ span, tile, isOld }: { span: CentralSpan; tile: string; isOld: boolean }) {
  const end = f1((span.allocCount / span.nelems) * 256);
  return (
    <svg viewBox="0 0 256 12" preserveAspectRatio="none" aria-hidden="true">
      <path class={isOld ? "f-old" : "f-free"} d="M.5.5h255v11H.5z" />
      {end > 0 && <path class={tile} d={`M0 0h${end}v12H0z`} />}
      {isOld && end > 0 && <path class="s-old" d={`M1 1.5h${Math.max(end - 2, 0)}v9H1z`} />}
    </svg>
  );
}
