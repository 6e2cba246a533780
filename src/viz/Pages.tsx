/**
 * The page heap: a chunk's bitmap, 64 pages a row, and above it the five levels of summaries, each a row of eight
 * entries. A search walks down through them; the summaries that it accepted have a thick bar over them, those that it
 * refused a thin one, and the pages that it found are framed.
 */
import { useState } from "preact/hooks";
import { vizWords } from "../i18n/viz.ts";
import { pagesWords } from "../i18n/viz-pages.ts";
import {
  CHUNK_PAGES,
  type Chunk,
  FAN_OUT,
  type Find,
  type FindStep,
  LEVELS,
  type PagesPicture,
  type Sum,
} from "./data/pages.ts";
import { bytes } from "./measure.ts";
import { Ends, Frame, type Key, Keys, Read, Scrub, Stepper, say, Twin } from "./parts.tsx";
import type { Lang } from "./read.ts";
import { borderOf, earsOf, frame, Squares, strokeOf } from "./Squares.tsx";
import { bit, hex, PAGE_BYTES, ROW, ranges } from "./snapshot.ts";

/** Pages that one entry stands for, from the root down. Go: levelLogPages. */
const LEVEL_PAGES = [2 ** 21, 2 ** 18, 2 ** 15, 2 ** 12, 2 ** 9] as const;
const LEAF = LEVELS - 1;

/** The entry of level `l` over a chunk. */
const over = (chunk: number, l: number) => Math.floor(chunk / FAN_OUT ** (LEAF - l));

interface Chosen {
  /** Place of the chunk among those that there are. */
  readonly chunk?: number;
  readonly page?: number;
  /** Place on the search's way; its length: the end. */
  readonly step?: number;
}

interface PagesProps {
  readonly picture: PagesPicture;
  readonly lang: Lang;
  /** The page heap a step earlier, in a film. */
  readonly before?: PagesPicture | undefined;
}

export function Pages({ picture, lang, before }: PagesProps) {
  const w = pagesWords[lang];
  const { chunks, find } = picture;
  const [chosen, choose] = useState<Chosen>({});
  const steps = find?.steps ?? [];
  const step = Math.min(chosen.step ?? steps.length, steps.length);
  const caption = picture.caption ? say(picture.caption, lang) : find ? w.captionFind(find.pages) : w.caption;
  if (chunks.length === 0) {
    return (
      <Frame kind="pages" caption={caption}>
        <Read text={w.empty} />
      </Frame>
    );
  }
  const place = Math.min(chosen.chunk ?? firstChunk(picture, step), chunks.length - 1);
  const chunk = chunks[place];
  const base = Number(chunk.address);
  const found = find?.address == null ? null : { from: Number(find.address), pages: find.pages };
  const isEnd = find !== undefined && step === steps.length;
  const page = Math.min(chosen.page ?? 0, CHUNK_PAGES - 1);

  const stateOf = (i: number, c = chunk) => (bit(c.inUse, i) ? "used" : bit(c.scavenged, i) ? "back" : "free");
  const then = before?.chunks.find((c) => c.index === chunk.index);
  const hasChanged = (i: number) => before !== undefined && (then === undefined || stateOf(i) !== stateOf(i, then));
  const sentence = find
    ? isEnd
      ? endOf(picture, w)
      : w.step(steps[step], find.pages, step + 1, steps.length, wayOn(find, step))
    : `${w.page(page, hex(base + page * PAGE_BYTES), w.state[stateOf(page)], page >> 6, page & 63)}${lang === "zh" ? "" : " "}${w.chunkSays(chunk)}`;

  const count = (state: string) =>
    Array.from({ length: CHUNK_PAGES }, (_, i) => stateOf(i) === state).filter(Boolean).length;
  const [used, free, back] = [count("used"), count("free"), count("back")];
  /** Pages of this chunk that were found. */
  const isFound = (i: number) =>
    isEnd &&
    found !== null &&
    base + i * PAGE_BYTES >= found.from &&
    base + i * PAGE_BYTES < found.from + found.pages * PAGE_BYTES;

  return (
    <Frame kind="pages" isLive isWide caption={caption}>
      <Tree picture={picture} chunk={chunk} step={step} w={w} />
      <Ends from={chunk.address} to={hex(base + CHUNK_PAGES * PAGE_BYTES)}>
        {chunks.length > 1 && (
          <Stepper
            text={w.chunkOf(place + 1, chunks.length)}
            previous={w.previousChunk}
            next={w.nextChunk}
            at={place}
            last={chunks.length - 1}
            set={(k) => choose({ ...chosen, chunk: k })}
          />
        )}
      </Ends>
      <Squares
        label={w.map(chunk.address, used, free + back, back)}
        rail={Array.from({ length: CHUNK_PAGES / 64 }, (_, r) => String(64 * r))}
        count={CHUNK_PAGES}
        rows={Array.from({ length: CHUNK_PAGES / ROW }, (_, r) =>
          [
            ["q-used", strokeOf(r, CHUNK_PAGES, (i) => stateOf(i) === "used")] as const,
            ["q-free", strokeOf(r, CHUNK_PAGES, (i) => stateOf(i) === "free")] as const,
            ["q-back", strokeOf(r, CHUNK_PAGES, (i) => stateOf(i) === "back")] as const,
            ["s-new", earsOf(r, CHUNK_PAGES, hasChanged)] as const,
            ["s-cut", !find && page >> 5 === r ? frame(page, 2) : ""] as const,
            ["s-sel n32", borderOf(r, CHUNK_PAGES, 32, isFound)] as const,
            ["s-sel n64", borderOf(r, CHUNK_PAGES, 64, isFound)] as const,
            ["s-sel", !find && page >> 5 === r ? frame(page) : ""] as const,
          ].filter(([, d]) => d !== ""),
        )}
        above={Array.from({ length: CHUNK_PAGES / ROW }, (_, r) => r).filter(
          (r) => (!find && page >> 5 === r) || borderOf(r, CHUNK_PAGES, 32, isFound) !== "",
        )}
        {...(find ? {} : { set: (i: number) => choose({ ...chosen, page: i }) })}
      />
      {find ? (
        steps.length > 0 && (
          <Scrub
            label={w.stepLabel}
            previous={w.previousStep}
            next={w.nextStep}
            min={0}
            max={steps.length}
            value={step}
            text={sentence}
            set={(k) => choose({ step: k })}
          />
        )
      ) : (
        <Scrub
          label={w.pageLabel}
          previous={w.previousPage}
          next={w.nextPage}
          min={0}
          max={CHUNK_PAGES - 1}
          value={page}
          text={sentence}
          set={(i) => choose({ ...chosen, page: i })}
        />
      )}
      <Read text={sentence} />
      <dl class="v-fields">
        {(
          [
            ["searchAddr", picture.searchAddr ?? w.nowhere],
            [w.pagesUsed, used],
            [w.pagesFree, free + back],
            [w.pagesBack, back],
          ] as const
        ).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Keys keys={keysOf(picture, { used, free, back }, before !== undefined, w)} />
      <PagesTwin picture={picture} chunk={chunk} lang={lang} />
    </Frame>
  );
}

type Said = (typeof pagesWords)["en"];

/** Place of the chunk to look at: what was found, or where the search was last among the chunks. */
function firstChunk({ chunks, chunk, find }: PagesPicture, step: number): number {
  const at = (index: number) =>
    Math.max(
      chunks.findIndex((c) => c.index === index),
      0,
    );
  const now = find?.steps[step];
  if (now?.level === LEAF && chunks.some((c) => c.index === now.index)) return at(now.index);
  if (chunk !== undefined) return at(chunk);
  if (find?.address != null) {
    const from = Number(find.address);
    return Math.max(
      chunks.findLastIndex((c) => Number(c.address) <= from),
      0,
    );
  }
  const leaf = find?.steps.slice(0, step + 1).findLast((s) => s.level === LEAF);
  return leaf === undefined ? 0 : at(leaf.index);
}

/** Where an accepted summary leads: a level down, or the run lies in it, or begins before it and ends in it. */
function wayOn(find: Find, step: number): "down" | "here" | "border" {
  if (step < find.steps.length - 1 || find.address === null) return "down";
  return Number(find.address) < Number(find.steps[step].address) ? "border" : "here";
}

function endOf({ chunks, find }: PagesPicture, w: Said): string {
  if (find === undefined || find.via === "none") return w.none(find?.pages ?? 1);
  if (find.address === null) return w.missed(find.pages, find.steps.length);
  const from = Number(find.address);
  const home = chunks.findLast((c) => Number(c.address) <= from);
  const page = home === undefined ? 0 : Math.floor((from - Number(home.address)) / PAGE_BYTES);
  return find.via === "searchAddr"
    ? w.short(find.pages, find.address, page)
    : w.found(find.pages, find.address, page, find.steps.length);
}

// ---------------------------------------------------------------------------------------------------- the summaries

interface Entry {
  readonly sum: Sum;
  /** accepted, refused, skipped; without a search, `up` for what lies over the chosen chunk. */
  readonly mark: FindStep["took"] | "up" | "";
  readonly isNow: boolean;
}

/**
 * The entries of each level, from the root down: the block of eight that the search, or the chosen chunk, leads
 * through. A place without an entry is address space that the heap has not grown into.
 */
function rowsOf({ levels, find }: PagesPicture, chunk: Chunk, step: number): (Entry | null)[][] {
  const steps = find?.steps ?? [];
  const seen = steps.slice(0, step + 1);
  return levels.map((entries, level) => {
    const way = over(chunk.index, level);
    const focus = seen.findLast((s) => s.level === level)?.index ?? way;
    const looked = seen.filter((s) => s.level === level).map((s) => s.index);
    // The root is one block of all its entries: of those, the ones that are mapped or were looked at.
    const indices =
      level === 0
        ? [...new Set([...entries.map((e) => e.index), ...looked])].sort((a, b) => a - b).slice(0, FAN_OUT)
        : Array.from({ length: FAN_OUT }, (_, k) => focus - (focus % FAN_OUT) + k);
    return Array.from({ length: FAN_OUT }, (_, k) => {
      const index = indices[k];
      const looked = seen.findLast((s) => s.level === level && s.index === index);
      const sum = looked ?? entries.find((e) => e.index === index);
      if (index === undefined || sum === undefined) return null;
      const mark = looked?.took ?? (find === undefined && index === way ? "up" : "");
      const isNow =
        find === undefined ? index === way && level === LEAF : looked !== undefined && looked === steps[step];
      return { sum, mark, isNow };
    });
  });
}

/** Levels with a single entry stand side by side in one row; each other level has its own, in two halves. */
function Tree({ picture, chunk, step, w }: { picture: PagesPicture; chunk: Chunk; step: number; w: Said }) {
  const rows = rowsOf(picture, chunk, step).map((entries, level) => ({ level, entries }));
  const isSingle = (r: (typeof rows)[number]) => r.level < LEAF && r.entries.filter((e) => e !== null).length === 1;
  const size = (level: number) => bytes(LEVEL_PAGES[level] * PAGE_BYTES);
  const singles = rows.filter(isSingle);
  return (
    <div class="v-levels" aria-hidden="true">
      {singles.length > 0 && (
        <ol class="v-singles">
          {singles.map(({ level, entries }) => (
            <Place key={level} entry={entries.find((e) => e !== null) ?? null} name={[w.single(level), size(level)]} />
          ))}
        </ol>
      )}
      {rows
        .filter((r) => !isSingle(r))
        .map(({ level, entries }) => (
          <div key={level}>
            <p>{(level === LEAF ? w.leaf : w.level)(level, size(level))}</p>
            {[entries.slice(0, 4), entries.slice(4)].map((half, h) => (
              <ol key={h} class={half.every((e) => e === null) ? "none" : undefined}>
                {half.map((entry, k) => (
                  <Place key={k} entry={entry} />
                ))}
              </ol>
            ))}
          </div>
        ))}
    </div>
  );
}

/** One entry: the bar over it tells what the search made of it. */
function Place({ entry, name }: { entry: Entry | null; name?: readonly [string, string] }) {
  return (
    <li class={entry === null ? "none" : `${entry.mark}${entry.isNow ? " now" : ""}`}>
      {name && (
        <em>
          {name[0]} <span>{name[1]}</span>
        </em>
      )}
      {entry && (
        <>
          <span>{`start ${entry.sum.start}`}</span>
          <span>{`max ${entry.sum.max}`}</span>
          <span>{`end ${entry.sum.end}`}</span>
        </>
      )}
    </li>
  );
}

// ---------------------------------------------------------------------------------------------------- key and words

function keysOf(
  { find }: PagesPicture,
  n: { used: number; free: number; back: number },
  isFilm: boolean,
  w: Said,
): Key[] {
  const keys: Key[] = [];
  if (n.used > 0) keys.push({ tile: "q-used", words: w.keyUsed });
  if (n.free > 0) keys.push({ tile: "q-free", words: w.keyFree });
  if (n.back > 0) keys.push({ tile: "q-back", words: w.keyBack });
  if (isFilm) keys.push({ tile: "q-used", over: "new", words: w.keyChanged });
  if (find === undefined) return [...keys, { tile: "q-free", over: "sel", words: w.keySelected }];
  if (find.address !== null) keys.push({ tile: "q-free", over: "sel", words: w.keyFound });
  const took = new Set(find.steps.map((s) => s.took));
  if (took.has("accepted")) keys.push({ tile: "", over: "taken", words: w.keyAccepted });
  if (took.has("refused")) keys.push({ tile: "", over: "thin", words: w.keyRefused });
  if (took.has("skipped")) keys.push({ tile: "", over: "passed", words: w.keySkipped });
  return keys;
}

function PagesTwin({ picture, chunk, lang }: { picture: PagesPicture; chunk: Chunk; lang: Lang }) {
  const w = pagesWords[lang];
  const { find, levels } = picture;
  const rows: (Sum & { level: number; address: string; took?: FindStep["took"] })[] =
    find && find.steps.length > 0 ? [...find.steps] : levels.flatMap((l, level) => l.map((s) => ({ ...s, level })));
  const free = (i: number) => !bit(chunk.inUse, i);
  const list: [string, string][] = [
    [w.pagesUsed, ranges(CHUNK_PAGES, (i) => !free(i))],
    [w.pagesFree, ranges(CHUNK_PAGES, free)],
    [w.pagesBack, ranges(CHUNK_PAGES, (i) => free(i) && bit(chunk.scavenged, i) === 1)],
  ];
  return (
    <Twin lang={lang}>
      <p>{chunk.address}</p>
      <ul>
        {list.map(([name, text]) => text !== "" && <li key={name}>{`${name}${vizWords[lang].colon}${text}`}</li>)}
      </ul>
      <table class="v-data">
        <thead>
          <tr>
            {[...w.columns, ...(find ? [w.verdict] : [])].map((c, i) => (
              <th key={c} scope="col" class={i > 1 && i < 5 ? "e" : undefined}>
                {c}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((r, i) => (
            <tr key={i}>
              <td>{r.level}</td>
              <td>{r.address}</td>
              <td class="e">{r.start}</td>
              <td class="e">{r.max}</td>
              <td class="e">{r.end}</td>
              {find && <td>{r.took ? w.took[r.took] : ""}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </Twin>
  );
}
