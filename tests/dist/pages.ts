/** The built pages as the tests see them: every tag of every HTML file, in order. `npm run build` comes first. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";

export interface Tag {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
}

export interface BuiltPage {
  /** `zh/small-allocation/`, `404.html`, "" for the front door. */
  readonly path: string;
  readonly html: string;
  readonly tags: readonly Tag[];
  readonly ids: ReadonlySet<string>;
}

export const dist = join(process.cwd(), "dist");

export function builtPages(folder = dist): readonly BuiltPage[] {
  if (!existsSync(folder)) throw new Error(`${folder} is not there: run \`npm run build\` first`);
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".html"))
    .sort()
    .map((file) =>
      readPage(
        file
          .split(sep)
          .join("/")
          .replace(/index\.html$/, ""),
        readFileSync(join(folder, file), "utf8"),
      ),
    );
}

export function readPage(path: string, html: string): BuiltPage {
  const tags = scan(html);
  const ids = new Set(tags.map((tag) => tag.attributes.get("id")).filter((id) => id !== undefined));
  return { path, html, tags, ids };
}

/** Start tags with their attributes; what stands inside comments, scripts and styles is not markup. */
function scan(html: string): readonly Tag[] {
  const bare = html
    .replaceAll(/<!--[\s\S]*?-->/g, "")
    .replaceAll(/(<(script|style|textarea)\b[^>]*>)[\s\S]*?(<\/\2>)/g, "$1$3");
  const tags: Tag[] = [];
  for (const match of bare.matchAll(
    /<([a-zA-Z][\w-]*)((?:\s+[^\s=>"'/]+(?:=(?:"[^"]*"|'[^']*'|[^\s>"']+))?)*)\s*\/?>/g,
  )) {
    const attributes = new Map<string, string>();
    for (const [, name, double, single, plain] of match[2]!.matchAll(
      /([^\s=>"'/]+)(?:=(?:"([^"]*)"|'([^']*)'|([^\s>"']+)))?/g,
    )) {
      attributes.set(name!.toLowerCase(), decode(double ?? single ?? plain ?? ""));
    }
    tags.push({ name: match[1]!.toLowerCase(), attributes });
  }
  return tags;
}

function decode(text: string): string {
  return text
    .replaceAll("&quot;", '"')
    .replaceAll("&#34;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&#38;", "&")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}

/** The file in the built site that an address of it is served from, or undefined. */
export function fileOf(pathname: string, base = "/", folder = dist): string | undefined {
  if (!pathname.startsWith(base)) return undefined;
  const inside = decodeURIComponent(pathname.slice(base.length));
  const file = join(folder, inside.endsWith("/") || inside === "" ? `${inside}index.html` : inside);
  return existsSync(file) && !relative(folder, file).startsWith("..") ? file : undefined;
}
