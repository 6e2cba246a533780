/**
 * Recordings as files: found, unpacked, read line by line. Whatever is wrong with one is a `Malformed` that says
 * where it is and what to do.
 */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

/** Every kind of recording that there is. */
export const kinds = [
  ...["sizeclasses", "nextfree", "types", "malloc"],
  ...["pallocbits", "pagealloc", "pagecache", "large", "scavindex", "scavpace", "scavloop", "pi"],
  ...["constants", "searchaddr", "spanrecords", "addresses"],
  ...["programs", "facts", "cycles", "pacer", "limiter", "wb", "escape"],
] as const;
export type Kind = string;

/** One case: a line of the file after the first. */
export interface RecordedLine {
  /** Counted from 1, as editors do. */
  readonly line: number;
  readonly value: Readonly<Record<string, unknown>>;
}

export interface Recording {
  readonly file: string;
  readonly kind: Kind;
  readonly lines: readonly RecordedLine[];
}

/** The input is no recording. Exit 2. */
export class Malformed extends Error {
  override readonly name = "Malformed";

  constructor(file: string, line: number | null, what: string, todo: string) {
    super(`${file}${line === null ? "" : `:${line}`}: ${what}; ${todo}`);
  }
}

const again = "record it again, or copy it again from where it came";

/** The files that a path stands for: itself, or every recording below a folder, in order of name. */
export function recordingFiles(path: string): string[] {
  let isFolder: boolean;
  try {
    isFolder = statSync(path).isDirectory();
  } catch {
    throw new Malformed(path, null, "there is no such file or folder", "name a recording or a folder that holds some");
  }
  if (!isFolder) return [path];
  const found = readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.jsonl(\.gz)?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  if (found.length > 0) return found;
  throw new Malformed(path, null, "the folder holds no *.jsonl or *.jsonl.gz", "name a folder that holds recordings");
}

/** Reads one file, packed or not (told by its first bytes, not by its name). @throws {Malformed} */
export function readRecording(file: string): Recording {
  const lines = unpack(file)
    .split("\n")
    .map((text, i) => ({ text, line: i + 1 }))
    .filter(({ text }) => text.trim() !== "")
    .map(({ text, line }) => ({ line, value: parseLine(file, line, text) }));
  if (lines.length === 0) throw new Malformed(file, null, "the file is empty", again);
  const [first] = lines;
  if (!("meta" in first.value)) return { file, kind: kindWithoutMeta(file, first), lines };
  if (lines.length === 1) throw new Malformed(file, 1, "no case follows the first line", again);
  return { file, kind: kindOfMeta(file, first), lines: lines.slice(1) };
}

function unpack(file: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (e) {
    throw new Malformed(file, null, `it cannot be read (${(e as Error).message})`, "look at its rights");
  }
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    try {
      bytes = gunzipSync(bytes);
    } catch (e) {
      throw new Malformed(file, null, `the gzip data is damaged (${(e as Error).message})`, again);
    }
  } else if (file.endsWith(".gz")) {
    throw new Malformed(file, null, "it is named .gz and is not gzip data", "rename it or pack it");
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Malformed(file, null, "it is not UTF-8 text", again);
  }
}

function parseLine(file: string, line: number, text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (e) {
    throw new Malformed(file, line, `not JSON (${(e as Error).message})`, again);
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new Malformed(file, line, "a line must hold one JSON object", again);
}

function kindOfMeta(file: string, { line, value }: RecordedLine): Kind {
  const meta = value.meta as { kind?: unknown; format?: unknown } | null;
  if (typeof meta !== "object" || meta === null) throw new Malformed(file, line, "meta is no object", again);
  if (typeof meta.kind !== "string" || !(kinds as readonly string[]).includes(meta.kind)) {
    throw new Malformed(file, line, `unknown kind ${JSON.stringify(meta.kind)}`, `the kinds are ${kinds.join(", ")}`);
  }
  if (meta.format !== 1) {
    throw new Malformed(file, line, `format ${JSON.stringify(meta.format)}`, "this comparer reads format 1");
  }
  return meta.kind;
}

/** `programs`, `facts` and `cycles` have no first line of their own: each of their lines says what it is. */
function kindWithoutMeta(file: string, { line, value }: RecordedLine): Kind {
  if (value.mode === "cycles") return "cycles";
  if (typeof value.fact === "string") return "facts";
  if (typeof value.program === "string" && value.mode === "stats") return "programs";
  throw new Malformed(file, line, "the first line has no meta", 'begin with {"meta":{"kind":…,"format":1,…}}');
}
