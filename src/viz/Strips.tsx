/** Stretches of memory under one another, all to one scale, with the sum of each: how much is free, in how many pieces. */
import { useState } from "preact/hooks";
import { stripWords } from "../i18n/viz-strip.ts";
import { BLOCK_KINDS, type BlockKind, type Strip, type StripBlock, type StripPicture } from "./data/strip.ts";
import { bytes, f1, percent } from "./measure.ts";
import { Pins } from "./Pins.tsx";
import { Frame, type Key, Keys, Read, Scrub, say, Twin } from "./parts.tsx";
import type { Lang } from "./read.ts";

/** How each kind is drawn: a class of the memory alphabet; `reserved` is a baseline with ticks. */
const TILE: Readonly<Record<BlockKind, string>> = {
  live: "f-noscan",
  pointers: "f-points",
  tiny: "f-tiny",
  stack: "f-stack",
  free: "f-free",
  waste: "f-pad",
  hole: "f-old",
  meta: "f-bitmap",
  reserved: "s-hair",
  ready: "f-free",
  resident: "f-large",
  returned: "f-back",
};
/** Kinds that a request could be served from. */
const isFree = (kind: BlockKind) => kind === "free" || kind === "hole";
/** Units of the longest row. */
const W = 1024;
const TABLE_ROWS = 32;

export function Strips({ picture, lang }: { picture: StripPicture; lang: Lang }) {
  const said = stripWords[lang];
  // Only where some have pointers does it matter that others have none.
  const isTold = picture.strips.some((s) => s.blocks.some((b) => b.kind === "pointers"));
  const w = isTold ? { ...said, kind: { ...said.kind, live: said.noPointers } } : said;
  const strips = picture.strips.map((s) => ({ s, blocks: whole(s) }));
  const items = strips.flatMap(({ blocks }, strip) => blocks.map((block) => ({ strip, block })));
  const [at, choose] = useState(0);
  const i = Math.min(at, items.length - 1);
  const here = items[i];
  const row = picture.row ?? Math.max(...strips.map((x) => x.s.bytes));
  const sentence = w.said(
    say(strips[here.strip].s.name, lang),
    here.block.at,
    here.block.at + here.block.size,
    w.kind[here.block.kind],
    bytes(here.block.size),
    here.block.label ? say(here.block.label, lang) : "",
  );
  const seen = new Set(items.map((x) => x.block.kind));
  const keys: Key[] = BLOCK_KINDS.filter((k) => seen.has(k)).map((k) =>
    k === "reserved" ? { tile: "", over: "ground", words: w.kind[k] } : { tile: TILE[k], words: w.kind[k] },
  );
  keys.push({ tile: "f-free", over: "sel", words: w.keySelected });
  const set = (strip: number, byte: number) => {
    const k = items.findIndex((x) => x.strip === strip && byte >= x.block.at && byte < x.block.at + x.block.size);
    if (k >= 0) choose(k);
  };
  return (
    <Frame kind="strips" isLive isWide caption={picture.caption ? say(picture.caption, lang) : w.caption}>
      {strips.map(({ s, blocks }, k) => (
        <div key={k} class="v-one-strip">
          <p>
            <b>{say(s.name, lang)}</b>
            <span>{bytes(s.bytes)}</span>
            <span>{sumOf(s, blocks, w)}</span>
          </p>
          {Array.from({ length: Math.ceil(s.bytes / row) }, (_, r) => (
            <Row
              key={r}
              from={r * row}
              to={Math.min((r + 1) * row, s.bytes)}
              row={row}
              blocks={blocks}
              selected={here.strip === k ? here.block : null}
              set={(byte) => set(k, byte)}
            />
          ))}
          {s.bytes <= row && (
            <Pins
              pins={s.blocks.flatMap((b) =>
                b.label ? [{ x: (100 * (b.at + b.size / 2)) / row, label: say(b.label, lang) }] : [],
              )}
            />
          )}
          {s.note && <p class="v-note">{say(s.note, lang)}</p>}
        </div>
      ))}
      {picture.row !== undefined && <p class="v-note">{w.row(bytes(row))}</p>}
      {items.length > 1 && (
        <Scrub
          label={w.label}
          previous={w.previous}
          next={w.next}
          min={0}
          max={items.length - 1}
          value={i}
          text={sentence}
          set={choose}
        />
      )}
      <Read text={sentence} />
      <Keys keys={keys} />
      <Twin lang={lang}>
        {strips.map(({ s, blocks }, k) => (
          <table key={k} class="v-data">
            <caption>{`${say(s.name, lang)}, ${sumOf(s, blocks, w)}`}</caption>
            <thead>
              <tr>
                {w.columns.map((c, n) => (
                  <th key={c} scope="col" class={n < 2 ? "e" : undefined}>
                    {c}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {blocks.slice(0, TABLE_ROWS).map((b) => (
                <tr key={b.at}>
                  <td class="e">{b.at}</td>
                  <td class="e">{b.size}</td>
                  <td>{b.label ? `${say(b.label, lang)}: ${w.kind[b.kind]}` : w.kind[b.kind]}</td>
                </tr>
              ))}
              {blocks.length > TABLE_ROWS && (
                <tr class="v-gap">
                  <td colSpan={3}>{w.cut(blocks.length - TABLE_ROWS)}</td>
                </tr>
              )}
            </tbody>
          </table>
        ))}
      </Twin>
    </Frame>
  );
}

type Said = (typeof stripWords)["en"];

/** All of a strip: its blocks, and the free stretches between them. */
function whole(s: Strip): StripBlock[] {
  const out: StripBlock[] = [];
  let end = 0;
  const free = (to: number) => {
    if (to > end) out.push({ at: end, size: to - end, kind: "free" });
  };
  for (const b of s.blocks) {
    free(b.at);
    out.push(b);
    end = b.at + b.size;
  }
  free(s.bytes);
  return out;
}

/** Shares of each kind; for what is free, in how many pieces it lies. Neighbours that are free are one piece. */
function sumOf(s: Strip, blocks: readonly StripBlock[], w: Said): string {
  const parts = BLOCK_KINDS.flatMap((kind) => {
    const sum = blocks.reduce((n, b) => n + (b.kind === kind ? b.size : 0), 0);
    return sum > 0 && kind !== "free" ? [w.part(percent(sum, s.bytes), w.kind[kind])] : [];
  });
  let pieces = 0;
  let longest = 0;
  let run = 0;
  let free = 0;
  for (const b of blocks) {
    run = isFree(b.kind) ? run + b.size : 0;
    if (run > 0 && run === b.size) pieces++;
    if (isFree(b.kind)) free += b.size;
    longest = Math.max(longest, run);
  }
  const isSpace = blocks.some((b) => ["reserved", "ready", "resident", "returned"].includes(b.kind));
  if (isSpace && free === 0) return w.sum(parts);
  if (free === 0) return w.sum([...parts, w.noPiece]);
  const plain = blocks.reduce((n, b) => n + (b.kind === "free" ? b.size : 0), 0);
  return w.sum([
    ...parts,
    ...(plain > 0 ? [w.part(percent(plain, s.bytes), w.kind.free)] : []),
    w.pieces(pieces, bytes(longest)),
  ]);
}

interface RowProps {
  readonly from: number;
  readonly to: number;
  /** Bytes of a whole row. */
  readonly row: number;
  readonly blocks: readonly StripBlock[];
  readonly selected: StripBlock | null;
  readonly set: (byte: number) => void;
}

function Row({ from, to, row, blocks, selected, set }: RowProps) {
  const x = (byte: number) => f1(((Math.min(Math.max(byte, from), to) - from) / row) * W);
  const d: Record<string, string> = {};
  const add = (cls: string, path: string) => {
    d[cls] = (d[cls] ?? "") + path;
  };
  const shown = blocks.filter((b) => b.at < to && b.at + b.size > from);
  for (let i = 0; i < shown.length; ) {
    const { kind, at } = shown[i];
    const isOutline = ["f-free", "f-old", "f-back", "f-pad"].includes(TILE[kind]);
    // Blocks of a kind that follow one another are one area, parted by lines of paper.
    let n = 1;
    while (!isOutline && kind !== "reserved" && i + n < shown.length && shown[i + n].kind === kind) n++;
    const last = shown[i + n - 1];
    const [x0, x1] = [x(at), Math.max(x(last.at + last.size), x(at) + 0.7)];
    const gap = x1 - x0 > 4 ? 0.8 : 0;
    const inset = isOutline && gap > 0 ? 0.5 : 0;
    if (kind === "reserved") {
      const ticks = Array.from({ length: Math.min(64, Math.ceil((x1 - x0) / 16)) }, (_, k) => f1(x0 + 16 * k + 0.5));
      add(TILE[kind], `M${x0} 22.5H${x1}${ticks.map((t) => `M${t} 18v5`).join("")}`);
    } else {
      const left = f1(x0 + gap + inset);
      add(TILE[kind], `M${left} ${1 + inset}H${f1(x1 - gap - inset)}v${22 - 2 * inset}H${left}z`);
      for (const b of shown.slice(i + 1, i + n)) add("s-part", `M${x(b.at)} 1v22`);
    }
    i += n;
  }
  const point = (e: PointerEvent & { currentTarget: SVGElement }) => {
    const box = e.currentTarget.getBoundingClientRect();
    set(from + Math.min(Math.max((e.clientX - box.left) / box.width, 0), 1 - 1e-9) * (to - from));
  };
  const down = (e: PointerEvent & { currentTarget: SVGElement }) => {
    e.currentTarget.setPointerCapture(e.pointerId);
    point(e);
  };
  const isHere = selected !== null && selected.at < to && selected.at + selected.size > from;
  const end = x(to);
  return (
    <svg
      class={isHere ? "on" : undefined}
      viewBox={`0 0 ${end} 24`}
      preserveAspectRatio="none"
      style={{ "--w": `${f1((end / W) * 100)}%` }}
      aria-hidden="true"
      onPointerDown={down}
      onPointerMove={(e) => e.currentTarget.hasPointerCapture(e.pointerId) && point(e)}
    >
      {Object.entries(d).map(([cls, path]) => (
        <path key={cls} class={cls} d={path} />
      ))}
      {isHere &&
        selected &&
        [
          ["s-cut", 2],
          ["s-sel", 0],
        ].map(([cls, inset]) => (
          <path key={cls} class={`${cls}`} d={frameOf(x(selected.at), x(selected.at + selected.size), Number(inset))} />
        ))}
    </svg>
  );
}

/** A frame around a stretch, at least two units wide. */
function frameOf(x0: number, x1: number, inset: number): string {
  return `M${x0 + inset} ${inset}H${Math.max(x1 - inset, x0 + 2 - inset)}v${24 - 2 * inset}H${x0 + inset}z`;
}
