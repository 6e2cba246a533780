/** A film: a drawing for each step, a scrub bar over the steps, and the sentence of the one that is shown. */
import { useMemo, useState } from "preact/hooks";
import { stepsWords } from "../i18n/viz-steps.ts";
import { unfold } from "./data/steps.ts";
import type { Drawing, StepsPicture } from "./data.ts";
import type { DrawingProps } from "./kinds.ts";
import { Frame, Read, Scrub, say, Twin } from "./parts.tsx";
import { draw } from "./view.tsx";

export function Steps({ picture, lang, drawings }: DrawingProps<StepsPicture>) {
  const w = stepsWords[lang];
  const { parts, frames } = picture;
  const [at, go] = useState(0);
  const i = Math.min(at, frames.length - 1);
  const drawing = useMemo(() => unfold(parts, frames[i].what) as Drawing, [parts, frames, i]);
  const earlier = useMemo(
    () => (i > 0 ? (unfold(parts, frames[i - 1].what) as Drawing) : undefined),
    [parts, frames, i],
  );
  const before = earlier?.kind === drawing.kind ? earlier : undefined;
  const sentence = `${w.step(i + 1, frames.length)}${say(frames[i].say, lang)}`;
  return (
    <Frame kind="steps" isLive isWide caption={picture.caption ? say(picture.caption, lang) : w.caption(frames.length)}>
      {frames.length > 1 && (
        <Scrub
          label={w.label}
          previous={w.previous}
          next={w.next}
          min={0}
          max={frames.length - 1}
          value={i}
          text={sentence}
          set={go}
        />
      )}
      <Read text={sentence} />
      <div class="v-film">{draw(drawing, lang, drawings, before)}</div>
      <Twin lang={lang} name={w.all}>
        <ol>
          {frames.map((f, k) => (
            <li key={k}>{say(f.say, lang)}</li>
          ))}
        </ol>
      </Twin>
    </Frame>
  );
}
