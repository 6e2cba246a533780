/**
 * Writes src/mdx/go-symbols.json: the first and last line of every top-level symbol in the files of Go's runtime that
 * the book cites. `node scripts/go-symbols.ts [GOROOT]`, where that Go is the release that the site stands on.
 */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { goVersion } from "../src/i18n/site.ts";

const root = process.argv[2] ?? execFileSync("go", ["env", "GOROOT"], { encoding: "utf8" }).trim();
const version = readFileSync(join(root, "VERSION"), "utf8").split("\n")[0];
if (version !== `go${goVersion}`) throw new Error(`${root} is ${version}, the site stands on go${goVersion}`);

/** Files by folder below src: the allocator and the collector. */
const wanted: Readonly<Record<string, RegExp>> = {
  runtime:
    /^(m[a-z]*|mgcmark_greenteagc|malloc.*|arena|iface|slice|string|panic|stack|sizeclasses|runtime1|runtime2|pinner|map|type|typekind|extern|proc|cgocheck|metrics)\.go$/,
  "internal/runtime/gc": /^[a-z]+\.go$/,
  "runtime/_mkmalloc": /^mksizeclasses\.go$/,
};

type Lines = [first: number, last: number];
const files: Record<string, Record<string, Lines>> = {};
for (const [folder, names] of Object.entries(wanted)) {
  for (const name of readdirSync(join(root, "src", folder)).sort()) {
    if (!names.test(name)) continue;
    files[`${folder}/${name}`] = symbols(readFileSync(join(root, "src", folder, name), "utf8"));
  }
}
const out = Object.entries(files).map(([file, of]) => `    ${JSON.stringify(file)}: ${JSON.stringify(of)}`);
writeFileSync(
  "src/mdx/go-symbols.json",
  `{\n  "go": ${JSON.stringify(goVersion)},\n  "files": {\n${out.join(",\n")}\n  }\n}\n`,
);

/** gofmt's layout is enough: a declaration starts in column 1 and its last line is `}` or `)` in column 1, or itself. */
function symbols(text: string): Record<string, Lines> {
  const lines = text.split("\n");
  const found: Record<string, Lines> = {};
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!;
    const fn = /^func (?:\(\w* ?\*?(?<type>\w+)(?:\[[^\]]*\])?\) )?(?<name>\w+)/.exec(line)?.groups;
    if (fn !== undefined) {
      add(
        fn["type"] === undefined ? fn["name"]! : `${fn["type"]}.${fn["name"]}`,
        i,
        line.endsWith("{") ? end(i, "}") : i,
      );
      continue;
    }
    const one = /^(?:type|var|const) (?<name>\w+)/.exec(line)?.groups?.["name"];
    if (one !== undefined) {
      add(one, i, /[{]$/.test(line) ? end(i, "}") : i);
    } else if (/^(?:var|const|type) \($/.test(line)) {
      const last = end(i, ")");
      for (let j = i + 1; j < last; j++) {
        const inner = /^\t(?<names>\w+(?:, \w+)*)(?:\s|$)/.exec(lines[j]!)?.groups?.["names"];
        for (const name of inner?.split(", ") ?? []) add(name, j, j);
      }
      i = last;
    }
  }
  return found;

  function add(name: string, first: number, last: number): void {
    if (name !== "_" && name !== "init") found[name] ??= [first + 1, last + 1];
  }
  function end(from: number, mark: string): number {
    const at = lines.findIndex((line, i) => i > from && line.startsWith(mark));
    return at === -1 ? from : at;
  }
}
