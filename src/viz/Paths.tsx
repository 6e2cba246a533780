/** Decision tree of mallocgc as a nested list: a question, its two answers; the way taken is a heavy line. */
import { pathsWords } from "../i18n/viz-paths.ts";
import type { PathItem, PathName, PathsPicture } from "./data/allocation.ts";
import { Frame, Keys, Read, Rich, say } from "./parts.tsx";
import type { Lang } from "./read.ts";

/** A leaf, or a question with the trees behind "yes" and "no". */
type Tree =
  | PathName
  | { readonly ask: "size0" | "fits" | "noPointers" | "tiny" | "inSpan"; readonly yes: Tree; readonly no: Tree };

// Go 1.26: runtime/malloc.go (mallocgc): the questions in the order in which it asks them
const TREE: Tree = {
  ask: "size0",
  yes: "zero",
  no: {
    ask: "fits",
    yes: {
      ask: "noPointers",
      yes: { ask: "tiny", yes: "tiny", no: "small noscan" },
      no: { ask: "inSpan", yes: "small scan", no: "small scan, header" },
    },
    no: "large",
  },
};

function leaves(t: Tree): PathName[] {
  return typeof t === "string" ? [t] : [...leaves(t.yes), ...leaves(t.no)];
}

/** ` 600 → 640 B, p`: bytes asked for unless the label says them, bytes got, pointers. */
function cost(i: PathItem, label: string): string {
  const asked = label === `${i.size} B` ? "" : ` ${i.size}`;
  const got = i.slot === undefined ? "" : ` → ${i.slot}`;
  return `${asked}${got}${asked || got ? " B" : ""}${i.pointers ? ", p" : ""}`;
}

export function Paths({ picture, lang }: { picture: PathsPicture; lang: Lang }) {
  const w = pathsWords[lang];
  const { items } = picture;
  const taken = (t: Tree) => leaves(t).some((l) => items.some((i) => i.path === l));

  const answer = (t: Tree, word: string, isLast: boolean, thru: boolean) => {
    const cls = [taken(t) ? "on" : "", isLast ? "last" : "", thru ? "thru" : ""].filter(Boolean).join(" ");
    if (typeof t !== "string") {
      return (
        <li class={cls || undefined}>
          <b>{word}</b> {question(t)}
        </li>
      );
    }
    const here = items.filter((i) => i.path === t);
    return (
      <li class={cls || undefined}>
        <b>{word}</b> <strong>{w.leaf[t][0]}</strong>{" "}
        <span>
          <Rich text={w.leaf[t][1]} />
        </span>
        {here.map((i, k) => (
          <span key={k} class="v-item">
            <samp>{say(i.label, lang)}</samp>
            {cost(i, say(i.label, lang))}
          </span>
        ))}
      </li>
    );
  };
  const question = (t: Exclude<Tree, string>) => (
    <>
      <em>
        <Rich text={w[t.ask]} />
      </em>
      <ul>
        {answer(t.yes, w.yes, false, taken(t.no))}
        {answer(t.no, w.no, true, false)}
      </ul>
    </>
  );
  const text = items
    .map((i) => w.say(`\`${say(i.label, lang)}\``, w.leaf[i.path][0], i.slot))
    .join(lang === "zh" ? "；" : "; ");
  return (
    <Frame kind="paths" caption={picture.caption ? say(picture.caption, lang) : w.caption}>
      <div class="v-tree">{question(TREE as Exclude<Tree, string>)}</div>
      <Read text={`${text}${lang === "zh" ? "。" : "."}`} />
      <Keys
        keys={[
          { tile: "", over: "taken", words: w.key },
          { tile: "", over: "passed", words: w.keyNot },
        ]}
      />
    </Frame>
  );
}
