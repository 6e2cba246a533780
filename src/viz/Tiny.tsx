/** Tiny blocks of 16 bytes, one a row: the objects with their sizes, the gaps between them, what is still free. */
import { vizWords } from "../i18n/viz.ts";
import { tinyWords } from "../i18n/viz-tiny.ts";
import { TINY_BLOCK_BYTES, type TinyBlock, type TinyPicture } from "./data/allocation.ts";
import { Frame, type Key, Keys, Read, say, Twin } from "./parts.tsx";
import type { Lang } from "./read.ts";
import { runs } from "./snapshot.ts";

/** What each byte of a block is: the index of its object, -1 a gap, -2 still free. */
function bytesOf(b: TinyBlock): number[] {
  const bytes = new Array<number>(TINY_BLOCK_BYTES).fill(-1);
  if (b.offset !== undefined) bytes.fill(-2, b.offset);
  for (const [i, o] of b.objects.entries()) bytes.fill(i, o.offset, o.offset + o.size);
  return bytes;
}

export function Tiny({ picture, lang }: { picture: TinyPicture; lang: Lang }) {
  const w = tinyWords[lang];
  const blocks = picture.blocks.map((b) => {
    const bytes = bytesOf(b);
    const count = (is: (x: number) => boolean) => bytes.filter(is).length;
    return { b, bytes, used: count((x) => x >= 0), wasted: count((x) => x === -1), free: count((x) => x === -2) };
  });
  const sum = (of: (x: (typeof blocks)[number]) => number) => blocks.reduce((n, x) => n + of(x), 0);
  const name = (b: TinyBlock, i: number) => (b.label === undefined ? w.block(i + 1) : say(b.label, lang));
  const keys: Key[] = [{ tile: "f-tiny", words: w.keyObject }];
  if (sum((x) => x.wasted) > 0) keys.push({ tile: "f-pad", words: w.keyGap });
  if (sum((x) => x.free) > 0) keys.push({ tile: "f-free", words: w.keyFree });
  return (
    <Frame kind="tiny" caption={picture.caption ? say(picture.caption, lang) : w.caption}>
      {blocks.map(({ b, bytes, used, wasted, free }, i) => {
        const area = (kind: number) =>
          runs(TINY_BLOCK_BYTES, (k) => bytes[k] === kind)
            .map(([k, n]) => `M${32 * k + 1.5} 1.5h${32 * n - 3}v29h${3 - 32 * n}z`)
            .join("");
        return (
          <div key={i} class="v-block">
            <div class="v-ends">
              <span>{name(b, i)}</span>
              <span>{w.sum(used, wasted, free)}</span>
            </div>
            <svg viewBox="0 0 512 32" aria-hidden="true">
              <path
                class="f-tiny"
                d={b.objects.map((o) => `M${32 * o.offset + 1} 1h${32 * o.size - 2}v30h${2 - 32 * o.size}z`).join("")}
              />
              <path
                class="c-paper"
                d={b.objects.map((o) => `M${32 * o.offset + 16 * o.size - 9} 7h18v18h-18z`).join("")}
              />
              {wasted > 0 && <path class="f-pad" d={area(-1)} />}
              {free > 0 && <path class="f-free" d={area(-2)} />}
              {b.objects.map((o) => (
                <text key={o.offset} x={32 * o.offset + 16 * o.size} y={20.5}>
                  {o.size}
                </text>
              ))}
            </svg>
          </div>
        );
      })}
      <Read
        text={w.say(
          blocks.length,
          sum((x) => x.b.objects.length),
          sum((x) => x.used),
          sum((x) => x.wasted),
        )}
      />
      <Keys keys={keys} />
      <Twin lang={lang}>
        <ol>
          {blocks.map(({ b }, i) => (
            <li key={i}>
              {`${name(b, i)}${vizWords[lang].colon}${b.objects
                .map((o) => w.object(o.size, o.offset, o.label === undefined ? "" : say(o.label, lang)))
                .join(lang === "zh" ? "；" : "; ")}`}
            </li>
          ))}
        </ol>
      </Twin>
    </Frame>
  );
}
