/**
 * How the chapters are written: one word for one thing, no empty phrases, sentences of bearable length, Chinese
 * typography, and no number that nothing vouches for.
 */
import { readdirSync } from "node:fs";
import { formatFor } from "autocorrect-node";
import { describe, expect, test } from "vitest";
import {
  chapterSlugs,
  contentPath,
  LANGS,
  type Lang,
  lengthOf,
  parseChapter,
  prose,
  readChapter,
  readYaml,
  sentences,
} from "./content-text.ts";

interface Words {
  readonly term: string;
  readonly def: string;
}
interface Term {
  readonly key: string;
  readonly zh: Words;
  readonly en: Words;
  readonly not?: { readonly zh: string; readonly en: string };
  readonly avoid?: Partial<Record<Lang, string[]>>;
}
interface ClaimWords {
  readonly topic: string;
  readonly said: string;
  readonly wrong: string;
  readonly right: string;
  readonly why: string;
}
interface Claim {
  readonly id: string;
  readonly zh: ClaimWords;
  readonly en: ClaimWords;
}
interface Reference {
  readonly id: string;
  readonly note?: { readonly zh: string; readonly en: string };
}

interface Shown {
  readonly title: Record<Lang, string>;
  readonly badge: { readonly varies?: Record<Lang, string>; readonly own?: Record<Lang, string> };
  readonly predict?: {
    readonly question: Record<Lang, string>;
    readonly choices: readonly { readonly label: string | Record<Lang, string>; readonly say: Record<Lang, string> }[];
  };
  readonly hints?: readonly Record<Lang, string>[];
}

const glossary = readYaml<Term[]>("glossary.yaml");
const claims = readYaml<Claim[]>("claims.yaml");
const references = readYaml<Reference[]>("references.yaml");

const EMPTY_PHRASES: Record<Lang, readonly string[]> = {
  zh: [
    ...[
      "值得注意的是",
      "众所周知",
      "显而易见",
      "赋能",
      "抓手",
      "闭环",
      "目前",
      "现在",
      "如今",
      "最新",
      "进行了",
      "对于",
      "来说",
      "的时候，",
    ],
    ...["不难发现", "需要指出", "综上所述", "总而言之", "毋庸置疑", "深入浅出", "一言以蔽之", "写障碍", "堆栈", "泄露"],
  ],
  en: [
    ...[
      "simply",
      "just",
      "obviously",
      "magic",
      "blazing",
      "recently",
      "now",
      "today",
      "currently",
      "nowadays",
      "of course",
    ],
    ...["basically", "essentially", "it is worth noting", "needless to say", "leverage", "utilize", "delve", "janitor"],
  ],
};
/** Marks of half width that a Chinese sentence does not use, and quotation marks of the other kind. */
const WRONG_MARKS =
  /[「」『』"]|\p{Script=Han}\s*[,;:!?]|[,;:!?]\s*\p{Script=Han}|\p{Script=Han}\.(?!\w)|\p{Script=Han}\s*\(|\)\s*\p{Script=Han}/u;
const HAN = "\\p{Script=Han}";
const LATIN = "[A-Za-z0-9`]";
const SPACING: readonly (readonly [string, RegExp])[] = [
  ["a space is missing between Han and Latin", new RegExp(`${HAN}${LATIN}|[A-Za-z0-9\`]${HAN}`, "u")],
  ["two spaces in a row", / {2}/],
  ["a space beside a full-width mark", /\s[，。；：？！、）》”]|[，。；：？！、（《“]\s/u],
  ["a space between two Han characters", new RegExp(`${HAN} ${HAN}`, "u")],
  ["a space before a percent or degree sign", /\d\s+[%°]/],
  ["no space between a number and its unit", /\d(KB|MB|GB|KiB|MiB|B|ms|ns)\b/],
];
const LIMIT: Record<Lang, number> = { zh: 40, en: 25 };

/** What stands around a cell: its title, prediction with the answers, hints, and what its badge says. */
function cellWords(lang: Lang): { where: string; text: string }[] {
  return chapterSlugs(lang).flatMap((slug) =>
    readdirSync(contentPath("cells", slug))
      .filter((name) => name.endsWith(".expected.json"))
      .flatMap((name) => {
        const { title, badge, predict, hints } = readYaml<Shown>(`cells/${slug}/${name}`);
        const choices = (predict?.choices ?? []).flatMap(({ label, say }) => [
          typeof label === "string" ? "" : label[lang],
          say[lang],
        ]);
        return [title[lang], badge.varies?.[lang], badge.own?.[lang], predict?.question[lang], ...choices]
          .concat((hints ?? []).map((hint) => hint[lang]))
          .map((text) => ({ where: name, text: text ?? "" }));
      }),
  );
}

/** All that a reader reads in one language: chapters, corrections, glossary, notes to references. */
function allText(lang: Lang): { where: string; text: string }[] {
  return [
    ...chapterSlugs(lang).flatMap((slug) =>
      prose(readChapter(lang, slug)).map(({ where, text }) => ({ where: `${slug}: ${where}`, text })),
    ),
    ...cellWords(lang),
    ...claims.flatMap((claim) => [
      { where: `claims.yaml: ${claim.id}, said`, text: claim[lang].said },
      { where: `claims.yaml: ${claim.id}, right`, text: claim[lang].right },
      { where: `claims.yaml: ${claim.id}, why`, text: claim[lang].why },
    ]),
    ...glossary.flatMap((term) => [
      { where: `glossary.yaml: ${term.key}`, text: term[lang].def },
      { where: `glossary.yaml: ${term.key}, not`, text: term.not?.[lang] ?? "" },
    ]),
    ...references.map(({ id, note }) => ({ where: `references.yaml: ${id}`, text: note?.[lang] ?? "" })),
  ].filter(({ text }) => text !== "");
}

/** A phrase as a word of its own in English, as a run of characters in Chinese. */
function finds(phrase: string, text: string, lang: Lang): boolean {
  if (lang === "zh") return text.includes(phrase);
  return new RegExp(`\\b${phrase.replaceAll(" ", "\\s+")}\\b`, "i").test(text);
}

/** Code in backticks, and a call like new(T) in a heading, as one Latin letter. */
const withoutCode = (text: string) => text.replace(/`[^`]*`|\b\w+\(\w*\)/g, "X");
const outsideQuotes = (text: string) => text.replace(/[“‘][^”’]*[”’]/g, "“”").replace(/`[^`]*`/g, "`X`");

describe.each(LANGS)("prose in %s", (lang) => {
  const texts = allText(lang);

  test("there is something to read", () => expect(texts.length).toBeGreaterThan(100));

  test("has none of the empty phrases", () => {
    const found = texts.flatMap(({ where, text }) =>
      EMPTY_PHRASES[lang].filter((p) => finds(p, outsideQuotes(text), lang)).map((p) => `${where}: “${p}” in ${text}`),
    );
    expect(found).toEqual([]);
  });

  test("uses the glossary's word and none of the others", () => {
    const found = texts.flatMap(({ where, text }) =>
      glossary
        .filter((term) => !where.startsWith(`glossary.yaml: ${term.key}`))
        .flatMap((term) => (term.avoid?.[lang] ?? []).map((other) => ({ other, term })))
        .filter(({ other }) => finds(other, text, lang))
        .map(({ other, term }) => `${where}: “${other}” stands for “${term[lang].term}”`),
    );
    expect(found).toEqual([]);
  });

  test(`has no sentence above ${LIMIT[lang]} ${lang === "zh" ? "characters" : "words"}`, () => {
    const found = texts
      .filter(({ where }) => !where.endsWith("summary"))
      .flatMap(({ where, text }) =>
        sentences(text, lang)
          .filter((sentence) => lengthOf(sentence, lang) > LIMIT[lang])
          .map((sentence) => `${where}: ${lengthOf(sentence, lang)}: ${sentence}`),
      );
    expect(found).toEqual([]);
  });

  test("says from which Go version on, and never with a bare “Go 1.x”", () => {
    const marked =
      lang === "zh"
        ? /(自 Go 1\.\d+ 起|截至 Go 1\.\d+|Go 1\.\d+ (?:及以前|之前)|到 Go 1\.\d+|(?:在|与|真实的) ?Go 1\.26\.8|Go 1\.\d+ 的|写到 Go 1\.\d+|以 Go 1\.\d+ 为准)/g
        : /((?:[Ss]ince|[Aa]s of|[Uu]p to|[Bb]efore|with|[Ff]or|of|as|real) Go 1\.[\d.]*\d)/g;
    const found = texts.flatMap(({ where, text }) =>
      /\bGo 1\.\d/.test(text.replace(marked, "")) ? [`${where}: ${text}`] : [],
    );
    expect(found).toEqual([]);
  });
});

test("English uses ’ and “ ”, not the straight marks", () => {
  const found = allText("en").filter(({ text }) => /['"]/.test(text.replace(/`[^`]*`/g, "X")));
  expect(found).toEqual([]);
});

describe("Chinese typography", () => {
  const texts = allText("zh");

  test("uses full-width marks and “ ” for quotations", () => {
    const found = texts.filter(({ text }) => WRONG_MARKS.test(withoutCode(text)));
    expect(found).toEqual([]);
  });

  test.each(SPACING)("never: %s", (_, rule) => {
    const found = texts.filter(({ text }) => rule.test(text.replace(/`[^`]*`/g, "`X`")));
    expect(found).toEqual([]);
  });

  test("autocorrect has nothing to mend", () => {
    const found = texts
      .map(({ where, text }) => ({ where, text: text.replace(/`[^`]*`/g, "X") }))
      .filter(({ text }) => formatFor(text, "text.txt") !== text)
      .map(({ where, text }) => `${where}: ${text} → ${formatFor(text, "text.txt")}`);
    expect(found).toEqual([]);
  });
});

describe("the rules themselves", () => {
  test("notice what they are for", () => {
    expect(SPACING[0]![1].test("分配头占8 字节")).toBe(true);
    expect(SPACING[2]![1].test("小对象 ，")).toBe(true);
    expect(WRONG_MARKS.test("小对象, 大对象")).toBe(true);
    expect(WRONG_MARKS.test("「小对象」")).toBe(true);
    expect(finds("just", "It is just so.", "en")).toBe(true);
    expect(finds("now", "known", "en")).toBe(false);
    expect(lengthOf("一个 span 放了 496 个", "zh")).toBe(7);
    expect(sentences("`a.b` is one. It ends. Go 1.22 too.", "en")).toHaveLength(3);
    expect(() => parseChapter("---\ntitle: x\n---\nlost\n", "en", "x")).toThrow(/before the first section/);
  });
});

describe("the glossary", () => {
  test("has 83 terms, each key and each word once", () => {
    expect(glossary).toHaveLength(83);
    for (const values of [glossary.map((t) => t.key), glossary.map((t) => t.zh.term), glossary.map((t) => t.en.term)]) {
      expect(values.filter((value, i) => values.indexOf(value) !== i)).toEqual([]);
    }
  });

  test("never avoids a word that it has chosen itself", () => {
    for (const lang of LANGS) {
      const avoided = glossary.flatMap((term) => term.avoid?.[lang] ?? []);
      expect(glossary.filter((term) => avoided.includes(term[lang].term)).map((term) => term.key)).toEqual([]);
    }
  });
});
