/** A staircase of paths: each step as long as the path was often taken, on a logarithmic scale. */
import { stairsWords } from "../i18n/viz-stairs.ts";
import { logAxis } from "./axis.ts";
import type { StairsPicture } from "./data/stairs.ts";
import { f1, percent } from "./measure.ts";
import { Frame, Read, say, Twin } from "./parts.tsx";
import type { Lang } from "./read.ts";

/** Room left of 1, in decades: so that a path that was taken once is seen. */
const BEFORE_ONE = 0.3;

export function Stairs({ picture, lang }: { picture: StairsPicture; lang: Lang }) {
  const w = stairsWords[lang];
  const { steps } = picture;
  const most = steps.reduce((n, s) => Math.max(n, s.count), 1);
  const ticks = logAxis(1, Math.max(most, 10)).ticks;
  const decades = Math.log10(Math.max(most, ticks[1])) + BEFORE_ONE;
  const x = (count: number) => f1(count < 1 ? 0 : Math.min(100, (100 * (Math.log10(count) + BEFORE_ONE)) / decades));
  const figure = (n: number) => n.toLocaleString("en");
  const ratio = (i: number) => {
    const here = steps[i].count;
    const above = steps[i - 1]?.count ?? 0;
    return i === 0 || here === 0 || above <= here ? null : above / here;
  };
  const short = (r: number) => (r < 10 ? String(f1(r)) : figure(Math.round(r)));
  const [first, last] = [steps[0], steps.findLast((s) => s.count > 0) ?? steps[steps.length - 1]];
  return (
    <Frame kind="stairs" caption={picture.caption ? say(picture.caption, lang) : w.caption}>
      <ol class="v-flight">
        {steps.map((s, i) => {
          const r = ratio(i);
          return (
            <li key={i}>
              <p>
                <samp>{say(s.name, lang)}</samp>
                {s.note && <span>{say(s.note, lang)}</span>}
                {r !== null && <em>{r < 2 ? w.share(percent(s.count, steps[i - 1].count)) : w.ratio(short(r))}</em>}
              </p>
              <div class="v-tread" style={{ "--x": `${x(s.count)}%` }}>
                <i aria-hidden="true" />
                <b>{s.count === 0 ? w.never : figure(s.count)}</b>
              </div>
            </li>
          );
        })}
      </ol>
      <div class="v-decades" aria-hidden="true">
        {ticks
          .filter((t) => x(t) <= 100)
          .map((t) => (
            <span key={t} style={{ "--x": `${x(t)}%` }} class={x(t) > 94 ? "e" : undefined}>
              {figure(t)}
            </span>
          ))}
        <em>{w.scale}</em>
      </div>
      <Read
        text={w.say(
          `\`${say(first.name, lang)}\``,
          w.times(figure(first.count)),
          `\`${say(last.name, lang)}\``,
          w.times(figure(last.count)),
        )}
      />
      <Twin lang={lang}>
        <table class="v-data">
          <thead>
            <tr>
              {w.columns.map((c, i) => (
                <th key={c} scope="col" class={i > 0 ? "e" : undefined}>
                  {c}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {steps.map((s, i) => {
              const r = ratio(i);
              return (
                <tr key={i}>
                  <td>{say(s.name, lang)}</td>
                  <td class="e">{figure(s.count)}</td>
                  <td class="e">{r === null ? "–" : short(r)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </Twin>
    </Frame>
  );
}
