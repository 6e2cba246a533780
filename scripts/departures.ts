/**
 * The list of departures from Go in engine/README.md, made from the code.
 *
 * Wherever the engine does something otherwise than Go, the comment there says so in a paragraph that begins with
 * "Differs:". This collects them, file by file, between the two marks in engine/README.md:
 *
 *   node scripts/departures.ts           says whether the list is up to date
 *   node scripts/departures.ts --write   writes it
 *
 * A test (tests/architecture.test.ts) fails while the two disagree, so a departure can neither be made in silence nor
 * outlive its code in the list.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";

const engine = resolve(import.meta.dirname, "../engine");
const readme = join(engine, "README.md");
const begin = "<!-- departures: written by scripts/departures.ts -->";
const end = "<!-- end of departures -->";

export interface Departure {
  /** Path below engine/. */
  readonly file: string;
  readonly text: string;
}

/** Every "Differs:" paragraph of the engine's comments, in order of file and place. */
export function departuresInCode(): Departure[] {
  const files = readdirSync(engine, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts") && !entry.parentPath.includes("node_modules"))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return files.flatMap((path) => {
    const file = relative(engine, path).replaceAll("\\", "/");
    return departuresIn(readFileSync(path, "utf8")).map((text) => ({ file, text }));
  });
}

/** The "Differs:" paragraphs of one source, each on one line. */
export function departuresIn(source: string): string[] {
  const found: string[] = [];
  for (const [comment] of source.matchAll(/\/\*\*?[\s\S]*?\*\/|(?:^[ \t]*\/\/.*\n?)+/gm)) {
    const text = comment
      .replace(/^\s*\/\*\*?|\*\/\s*$/g, "")
      .split("\n")
      .map((line) => line.replace(/^\s*(?:\*|\/\/) ?/, "").trimEnd())
      .join("\n");
    for (const paragraph of text.split(/\n\s*\n|\n(?=@|Go 1\.26:)/)) {
      const parts = paragraph.split(/\bDiffers(?: from Go)?:\s*/).slice(1);
      for (const part of parts) found.push(part.replace(/\s+/g, " ").trim());
    }
  }
  return found;
}

/** The list as the README shows it. */
export function departureList(departures: readonly Departure[]): string {
  const files = [...new Set(departures.map(({ file }) => file))];
  const sections = files.map((file) => {
    const items = departures.filter((d) => d.file === file).map(({ text }) => `- ${text}`);
    return `**\`${file}\`**\n\n${items.join("\n")}`;
  });
  return sections.join("\n\n");
}

/** What stands between the marks of engine/README.md; null without marks. */
export function listInReadme(): string | null {
  const text = readFileSync(readme, "utf8");
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  return from < 0 || to < from ? null : text.slice(from + begin.length, to).trim();
}

if (process.argv[1] === import.meta.filename) {
  const list = departureList(departuresInCode());
  if (process.argv.includes("--write")) {
    const text = readFileSync(readme, "utf8");
    const [from, to] = [text.indexOf(begin), text.indexOf(end)];
    if (from < 0 || to < from) throw new Error(`engine/README.md needs the lines\n${begin}\n${end}`);
    writeFileSync(readme, `${text.slice(0, from + begin.length)}\n\n${list}\n\n${text.slice(to)}`);
  } else if (listInReadme() !== list) {
    console.error("engine/README.md is behind the code: run node scripts/departures.ts --write");
    process.exitCode = 1;
  } else {
    console.log(`${departuresInCode().length} departures, all listed`);
  }
}
