/** The bytes of one slot, a row a moment: which are zero, which are not, and which the moment has changed. */
import { slotWords } from "../i18n/viz-slot.ts";
import type { SlotPicture } from "./data/slot.ts";
import { Frame, Read, Rich, say, Twin } from "./parts.tsx";
import type { Lang } from "./read.ts";

/** Bytes of a line: folded once where there is less room. */
const LINE = 16;

export function SlotBytes({ picture, lang }: { picture: SlotPicture; lang: Lang }) {
  const w = slotWords[lang];
  const moments = picture.moments.map((m, i) => {
    const list = m.bytes.match(/../g) ?? [];
    const before = picture.moments[i - 1]?.bytes.match(/../g);
    const changed = list.map((b, k) => before != null && before[k] !== b);
    return { ...m, list, changed, count: changed.filter(Boolean).length };
  });
  const n = moments[0].list.length;
  return (
    <Frame kind="slot" caption={picture.caption ? say(picture.caption, lang) : w.caption(n)}>
      <ol class="v-moments">
        {moments.map((m, i) => (
          <li key={i}>
            <p>
              <span>
                <Rich text={say(m.say, lang)} />
              </span>
              <samp>{`needzero ${m.needzero ? 1 : 0}`}</samp>
            </p>
            <div class="v-hex" role="img" aria-label={w.row(n, m.list.filter((b) => b !== "00").length, m.count)}>
              {Array.from({ length: Math.ceil(n / LINE) }, (_, r) => (
                <div key={r}>
                  {m.list.slice(LINE * r, LINE * (r + 1)).map((b, k) => (
                    <span key={k} class={`${b === "00" ? "zero" : "some"}${m.changed[LINE * r + k] ? " new" : ""}`}>
                      {b}
                    </span>
                  ))}
                </div>
              ))}
            </div>
          </li>
        ))}
      </ol>
      <Read text={w.say(moments.length, moments.filter((m) => m.count > 0).length)} />
      <ul class="v-keys v-hexkeys">
        {(
          [
            ["zero", "00", w.keyZero],
            ["some", "2a", w.keyValue],
            ["some new", "2a", w.keyChanged],
          ] as const
        ).map(([cls, text, words]) => (
          <li key={words}>
            <span class="v-hex" aria-hidden="true">
              <span class={cls}>{text}</span>
            </span>
            <span>{words}</span>
          </li>
        ))}
      </ul>
      <Twin lang={lang}>
        <ol>
          {moments.map((m, i) => (
            <li key={i}>
              {`${say(m.say, lang)} `}
              <samp>{m.list.join(" ")}</samp>
              {i > 0 && ` ${m.count === 0 ? w.same : w.changed(m.count)}`}
            </li>
          ))}
        </ol>
      </Twin>
    </Frame>
  );
}
