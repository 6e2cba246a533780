/**
 * A listing in ink weights: keywords heavy, comments light, everything else plain. No colour: colour means memory.
 * Used by the build and, for edited text, by the page; both get the same pieces.
 */

export type Weight = "plain" | "keyword" | "comment";

export interface Piece {
  readonly text: string;
  readonly weight: Weight;
}

const KEYWORDS =
  "as|async|await|break|case|catch|class|const|continue|default|delete|do|else|export|extends|finally|for|from|function|" +
  "get|if|import|in|instanceof|interface|let|new|of|return|satisfies|set|static|switch|this|throw|try|type|typeof|var|" +
  "void|while|with|yield|null|true|false|undefined";

const TOKEN = new RegExp(
  [
    "(?<comment>\\/\\/[^\\n]*|\\/\\*[\\s\\S]*?(?:\\*\\/|$))",
    "(?<string>\"(?:\\\\.|[^\"\\\\\\n])*\"?|'(?:\\\\.|[^'\\\\\\n])*'?|`(?:\\\\.|[^`\\\\])*`?)",
    `(?<keyword>(?<![\\p{ID_Continue}$.])(?:${KEYWORDS})(?![\\p{ID_Continue}$]|\\s*:))`,
  ].join("|"),
  "gu",
);

/** The lines of a program, each as pieces whose texts make up the line. */
export function highlight(source: string): Piece[][] {
  const lines: Piece[][] = [[]];
  const put = (text: string, weight: Weight) => {
    for (const [i, part] of text.split("\n").entries()) {
      if (i > 0) lines.push([]);
      if (part !== "") lines.at(-1)!.push({ text: part, weight });
    }
  };
  let at = 0;
  for (const match of source.matchAll(TOKEN)) {
    put(source.slice(at, match.index), "plain");
    const { comment, keyword } = match.groups!;
    put(match[0], comment !== undefined ? "comment" : keyword !== undefined ? "keyword" : "plain");
    at = match.index + match[0].length;
  }
  put(source.slice(at), "plain");
  return lines;
}

const escapeHtml = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** The inside of `<code>`: one `.l` a line, which is a block, so that no line break stands between two. */
export function listingHtml(source: string): string {
  const tag = { plain: "", keyword: "b", comment: "i" } as const;
  return highlight(source)
    .map((line) => {
      const inner = line.map(({ text, weight }) => {
        const html = escapeHtml(text);
        return tag[weight] === "" ? html : `<${tag[weight]}>${html}</${tag[weight]}>`;
      });
      return `<span class="l">${inner.join("")}</span>`;
    })
    .join("");
}
