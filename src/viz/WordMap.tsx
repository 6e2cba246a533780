/** Pointer maps: a square a word of 8 bytes, all types to one scale, with a line under what the collector looks at. */
import { wordsWords } from "../i18n/viz-words.ts";
import { MAX_WORDS, type TypeWords, WORD, type WordsPicture } from "./data/words.ts";
import { Frame, type Key, Keys, Read, say, Twin } from "./parts.tsx";
import type { Lang } from "./read.ts";
import { Squares, type Strokes, strokeOf } from "./Squares.tsx";
import { ROW, ranges } from "./snapshot.ts";

export function WordMap({ picture, lang }: { picture: WordsPicture; lang: Lang }) {
  const w = wordsWords[lang];
  const types = picture.types.map((t) => {
    const n = Math.ceil(t.bytes / WORD);
    const ends = t.pointers.lastIndexOf("1") + 1;
    return { t, n, ends, count: [...t.pointers].filter((d) => d === "1").length };
  });
  const keys: Key[] = [];
  if (types.some((x) => x.count > 0)) keys.push({ tile: "q-scan", words: w.keyPointer });
  if (types.some((x) => x.count < x.n)) keys.push({ tile: "q-noscan", words: w.keyOther });
  if (types.some((x) => x.t.header)) keys.push({ tile: "q-bitmap", words: w.keyHeader });
  if (types.some((x) => x.count > 0)) keys.push({ tile: "", over: "under", words: w.keyScanned });
  return (
    <Frame kind="words" caption={picture.caption ? say(picture.caption, lang) : w.caption}>
      <ul class="v-types">
        {types.map(({ t, n, ends, count }, i) => (
          <li key={i}>
            <p>
              <samp>{say(t.name, lang)}</samp>
              <span>{w.bytes(t.bytes)}</span>
              {t.place && <span>{say(t.place, lang)}</span>}
            </p>
            {n > 0 && <Squares label={w.map(n, count)} rail={[]} count={n} rows={rowsOf(t, n, ends)} />}
            <p class="v-note">
              {[
                count === 0 ? w.none : w.scanned(ends),
                ...(t.header ? [w.header] : []),
                ...(n > MAX_WORDS ? [w.more(n - MAX_WORDS)] : []),
              ].join(lang === "zh" ? "；" : "; ")}
            </p>
          </li>
        ))}
      </ul>
      <Read text={w.say(types.length, types.filter((x) => x.count > 0).length)} />
      <Keys keys={keys} />
      <Twin lang={lang}>
        <ul>
          {types.map(({ t }, i) => (
            <li key={i}>
              {w.row(
                say(t.name, lang),
                ranges(t.pointers.length, (k) => t.pointers[k] === "1"),
                t.header === true,
                t.place ? say(t.place, lang) : "",
              )}
            </li>
          ))}
        </ul>
      </Twin>
    </Frame>
  );
}

/** Strokes of a type's half rows. A type word takes the first place of the slot. */
function rowsOf(t: TypeWords, n: number, ends: number): Strokes[] {
  const lead = t.header ? 1 : 0;
  const shown = Math.min(n, MAX_WORDS) + lead;
  const isPointer = (i: number) => t.pointers[i - lead] === "1";
  return Array.from({ length: Math.ceil(shown / ROW) }, (_, r) => {
    const line = strokeOf(r, shown, (i) => i >= lead && i < ends + lead).replaceAll(" 8h", " 17.5h");
    return [
      ["q-bitmap", strokeOf(r, shown, (i) => i < lead)] as const,
      ["q-scan", strokeOf(r, shown, (i) => i >= lead && isPointer(i))] as const,
      ["q-noscan", strokeOf(r, shown, (i) => i >= lead && !isPointer(i))] as const,
      ["s-sel", line] as const,
    ].filter(([, d]) => d !== "");
  });
}
