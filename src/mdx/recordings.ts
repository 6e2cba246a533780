/**
 * Recordings of the real Go, as the build reads them: line by line, and the parts that a cell asks for.
 *
 * A cell says `recorded("facts-1", "F9")` or `recorded("malloc-1", 2, "mallocs.0..40")` with plain literals, so the
 * build can see what it wants and bake just that into the page.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

/** What a cell may take of recordings, in characters of JSON. */
const MOST = 12_000;

const files = new Map<string, readonly string[]>();

function folder(): string {
  return join(process.cwd(), "tests/oracle/recordings");
}

/** Lines of a file below tests/oracle/recordings, unpacked. @throws when there is none */
function linesOf(file: string): readonly string[] {
  const known = files.get(file);
  if (known !== undefined) return known;
  const path = join(folder(), file);
  if (!existsSync(path)) throw new Error(`there is no tests/oracle/recordings/${file}`);
  const bytes = readFileSync(path);
  const lines = (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8").split("\n");
  files.set(file, lines);
  return lines;
}

/** One line of a recording, parsed. @param line counted from 1 */
export function recordingLine(file: string, line: number): unknown {
  const text = linesOf(file)[line - 1];
  if (text === undefined || text === "") throw new Error(`tests/oracle/recordings/${file} has no line ${line}`);
  return JSON.parse(text);
}

/** The value at a dotted path; `a..b` as a step is a slice of an array. Undefined where there is nothing. */
export function at(value: unknown, path: string): unknown {
  let here = value;
  for (const key of path.split(/(?<!\.)\.(?!\.)/)) {
    const [, from, to] = /^(\d+)\.\.(\d+)$/.exec(key) ?? [];
    if (from !== undefined && Array.isArray(here)) {
      here = here.slice(Number(from), Number(to));
      continue;
    }
    if (typeof here !== "object" || here === null || !Object.hasOwn(here, key)) return undefined;
    here = (here as Record<string, unknown>)[key];
  }
  return here;
}

/** Name of a part, as the kernel looks it up. */
export function recordedKey(recording: string, line: string | number, path = ""): string {
  return `${recording}/${line}${path === "" ? "" : `/${path}`}`;
}

/** The part that one call asks for. @throws when there is none */
function part(recording: string, line: string | number, path: string): unknown {
  const file = readdirSync(folder()).find((name) => name.replace(/\.jsonl(\.gz)?$/, "") === recording);
  if (file === undefined) throw new Error(`there is no recording ${recording}`);
  const found =
    typeof line === "number"
      ? recordingLine(file, line)
      : linesOf(file)
          .filter((text) => text !== "")
          .map((text) => JSON.parse(text) as Record<string, unknown>)
          .find((record) => record["fact"] === line);
  const value = path === "" ? found : at(found, path);
  if (value === undefined) throw new Error(`${recording} has nothing at ${recordedKey(recording, line, path)}`);
  return value;
}

const CALL = /\brecorded\(\s*"([\w-]+)",\s*(?:"(\w+)"|(\d+))\s*(?:,\s*"([^"]+)"\s*)?,?\s*\)/g;

/**
 * What the programs of a cell ask for, as JSON by key.
 *
 * @throws when a call is not in plain literals, asks for what is not recorded, or for too much
 */
export function recordedIn(programs: readonly string[]): Record<string, string> {
  const parts: Record<string, string> = {};
  for (const text of programs) {
    const calls = [...text.matchAll(CALL)];
    const all = [...text.matchAll(/\brecorded\(/g)].length;
    if (calls.length < all) throw new Error('recorded takes plain literals: recorded("facts-1", "F9")');
    for (const [, recording = "", name, number, path = ""] of calls) {
      const line = name ?? Number(number);
      parts[recordedKey(recording, line, path)] = JSON.stringify(part(recording, line, path));
    }
  }
  const chars = Object.values(parts).reduce((n, json) => n + json.length, 0);
  if (chars > MOST) throw new Error(`recorded: ${chars} characters are too much for a page: at most ${MOST}`);
  return parts;
}
