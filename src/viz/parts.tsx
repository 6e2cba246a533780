/** What every picture is framed with: scale, caption, scrub bar, the sentence, key, and the same as text. */
import type { ComponentChildren } from "preact";
import { strip, vizWords } from "../i18n/viz.ts";
import type { FaultKind, Lang, PictureFault, Words } from "./read.ts";

/** Words in the page's language. */
export function say(words: Words, lang: Lang): string {
  return typeof words === "string" ? words : words[lang];
}

/** Text in which `…` is code. */
export function Rich({ text }: { text: string }) {
  const parts = text.split("`");
  if (parts.length === 1) return <>{text}</>;
  return <>{parts.map((p, i) => (i % 2 === 1 ? <samp key={i}>{p}</samp> : p))}</>;
}

/**
 * A picture's frame. In one that the reader moves (`isLive`) nothing is announced but the value text of its scrub bar,
 * though it may stand in a region that announces results.
 */
export function Frame(props: {
  caption: string;
  kind: string;
  isLive?: boolean;
  /** Takes the page's margin, too, where there is one. */
  isWide?: boolean;
  children: ComponentChildren;
}) {
  return (
    <figure
      class={`v v-${props.kind}${props.isWide ? " v-wide" : ""}`}
      {...(props.isLive ? { "aria-live": "off" as const } : {})}
    >
      <div class="v-scale" aria-hidden="true" />
      <figcaption>
        <Rich text={props.caption} />
      </figcaption>
      {props.children}
    </figure>
  );
}

/** Addresses of both ends of what is drawn below, and between them, if anything, a choice of which part it is. */
export function Ends(props: { from: string; to: string; children?: ComponentChildren }) {
  return (
    <div class="v-ends">
      <span>{props.from}</span>
      {props.children}
      <span>{props.to}</span>
    </div>
  );
}

/** One of several, with a button to the one before and the one after. */
export function Stepper(props: {
  text: string;
  previous: string;
  next: string;
  at: number;
  last: number;
  set: (at: number) => void;
}) {
  const { at, last, set } = props;
  return (
    <span class="v-step">
      <button type="button" aria-label={props.previous} disabled={at <= 0} onClick={() => set(at - 1)}>
        ◂
      </button>
      <span>{props.text}</span>
      <button type="button" aria-label={props.next} disabled={at >= last} onClick={() => set(at + 1)}>
        ▸
      </button>
    </span>
  );
}

/** The sentence that reads the picture. */
export function Read({ text }: { text: string }) {
  return (
    <p class="v-read">
      <Rich text={text} />
    </p>
  );
}

/** A byte scale with a pen-point thumb, and a step button at each side. The value text is the sentence. */
export function Scrub(props: {
  label: string;
  previous: string;
  next: string;
  min: number;
  max: number;
  value: number;
  text: string;
  set: (value: number) => void;
}) {
  const { min, max, value, set } = props;
  const to = (v: number) => set(Math.min(max, Math.max(min, v)));
  return (
    <div class="v-scrub">
      <button type="button" aria-label={props.previous} disabled={value <= min} onClick={() => to(value - 1)}>
        ◂
      </button>
      <input
        type="range"
        min={min}
        max={max}
        value={value}
        aria-label={props.label}
        aria-valuetext={strip(props.text)}
        onInput={(e) => to(Number(e.currentTarget.value))}
      />
      <button type="button" aria-label={props.next} disabled={value >= max} onClick={() => to(value + 1)}>
        ▸
      </button>
    </div>
  );
}

/** One entry of a key: a square as it is drawn, and what it means. `tile` is a class of viz.css. */
export interface Key {
  readonly tile: string;
  readonly words: string;
  /** Marks above the tile: survivor, marked, frame, outline. */
  readonly over?:
    | "foot"
    | "head"
    | "sel"
    | "open"
    | "old"
    | "page"
    | "pin"
    | "taken"
    | "thin"
    | "passed"
    | "under"
    | "ground"
    | "new";
}

const OVER: Record<NonNullable<Key["over"]>, { class: string; d: string }> = {
  foot: { class: "s-foot", d: "M3 12h10" },
  head: { class: "s-foot", d: "M3 4h10" },
  sel: { class: "s-sel", d: "M0 0h16v16H0z" },
  open: { class: "s-open", d: "M3 3h10v10H3z" },
  old: { class: "s-old", d: "M1.5 1.5h13v13h-13z" },
  page: { class: "c-ink", d: "M4 12h8v1.5H4z" },
  pin: { class: "c-ink", d: "M8 4l4.5 8h-9z" },
  taken: { class: "s-way", d: "M0 8h16" },
  thin: { class: "s-next", d: "M0 8h16" },
  ground: { class: "s-hair", d: "M0 13.5h16M2.5 9v5M8.5 9v5M14.5 9v5" },
  new: { class: "s-new", d: "M8.5 1h6.5v6.5z" },
  under: { class: "s-sel", d: "M0 13h16" },
  passed: { class: "s-dots", d: "M0 8h16" },
};

export function Keys({ keys }: { keys: readonly Key[] }) {
  return (
    <ul class="v-keys">
      {keys.map((k) => (
        <li key={k.words}>
          <svg viewBox="-1 -1 18 18" aria-hidden="true">
            {k.tile !== "" && <path class={k.tile} d={k.tile.startsWith("q-") ? "M0 8h16" : "M1 1h14v14H1z"} />}
            {k.over && <path {...OVER[k.over]} />}
          </svg>
          <span>
            <Rich text={k.words} />
          </span>
        </li>
      ))}
    </ul>
  );
}

/** The whole picture in words, for whoever cannot or will not look at it. */
export function Twin({ lang, name, children }: { lang: Lang; name?: string; children: ComponentChildren }) {
  return (
    <details class="v-twin">
      <summary>{name ?? vizWords[lang].asText}</summary>
      {children}
    </details>
  );
}

/** Clear words in place of a picture whose data are wrong. */
export function Fault({ fault, lang }: { fault: PictureFault; lang: Lang }) {
  const w = vizWords[lang];
  const why = w.fault[fault.why satisfies FaultKind];
  return (
    <p class="v-fault" role="note">
      {`${w.fault.lead}${w.colon}`}
      <samp>{fault.where}</samp>
      {` ${why}.`.replace(lang === "zh" ? /\.$/ : /$^/, "。")}
    </p>
  );
}
