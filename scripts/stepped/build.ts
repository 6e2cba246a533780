/**
 * The stepped build on disk: reads the engine's modules (or others in its style), transforms them, writes them below
 * node_modules/.cache/stepped and loads them. A fault (tests/faults) may be applied to the source on the way in.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Site, Steps } from "../../engine/sched/stepped.ts";
import { type Guarded, type SteppedOutput, toStepped } from "./transform.ts";

const repo = resolve(import.meta.dirname, "../..");

/**
 * Data that the heap lock guards: the page allocator's bitmaps, summaries and cursor, mheap's own plain fields, and the
 * free lists of records. `sweepgen` changes only while the world is stopped and is read without the lock, as in Go.
 */
export const heapLockGuards: readonly Guarded[] = [
  { module: "engine/records/mheap.ts", except: ["sweepgen", "setSweepgen"] },
  { module: "engine/records/mpagealloc.ts" },
  { module: "engine/records/mfixalloc.ts" },
  {
    module: "engine/runtime/mpallocbits.ts",
    names: ["find", "find1", "block64", "setBlock64", "clearBlock64", "allocRange", "allocAll", "freeRange", "freeAll"],
  },
];

export interface BuildOptions {
  /** Modules to begin with, as "engine/runtime/mcache.ts"; what they import comes with them. */
  readonly entries: readonly string[];
  readonly guarded?: readonly Guarded[];
  /** Changes a source before it is transformed: a fault. */
  readonly edit?: (path: string, source: string) => string;
}

/** The loaded stepped build. */
export interface SteppedBuild {
  readonly sites: readonly Site[];
  readonly generators: readonly string[];
  /** A function of it, which gives the steps of a call. @throws {Error} when it is missing or takes no step */
  readonly steps: <A extends readonly unknown[], T>(module: string, name: string) => (...args: A) => Steps<T>;
  /** A module's exports, for functions that take no step. */
  readonly module: (path: string) => Record<string, unknown>;
}

/** Makes and loads the stepped build. Loading the same sources twice gives the same modules. */
export async function buildStepped(options: BuildOptions): Promise<SteppedBuild> {
  const read = (path: string) => {
    const source = readFileSync(join(repo, path), "utf8");
    return options.edit ? options.edit(path, source) : source;
  };
  const output = toStepped({ entries: options.entries, read, guarded: options.guarded ?? heapLockGuards });
  const folder = write(output);
  const loaded = new Map<string, Record<string, unknown>>();
  for (const path of output.modules.keys()) {
    loaded.set(path, await import(/* @vite-ignore */ pathToFileURL(join(folder, path)).href));
  }
  const module = (path: string) => {
    const found = loaded.get(path.replace(/\.ts$/, ".mjs"));
    if (found === undefined)
      throw new Error(`the stepped build has no ${path}: its entries are ${options.entries.join(", ")}`);
    return found;
  };
  const generators = new Set(output.generators);
  return {
    sites: output.sites,
    generators: output.generators,
    module,
    steps: (path, name) => {
      if (!generators.has(`${path} ${name}`))
        throw new Error(`${path} ${name} takes no step: call it through module()`);
      return module(path)[name] as never;
    },
  };
}

/** Writes the modules into a folder named by their content. */
function write(output: SteppedOutput): string {
  const hash = createHash("sha256");
  for (const [path, code] of output.modules) hash.update(`${path}\n${code}\n`);
  const folder = join(repo, "node_modules/.cache/stepped", hash.digest("hex").slice(0, 16));
  if (existsSync(folder)) return folder;
  const draft = `${folder}.${process.pid}`;
  for (const [path, code] of output.modules) {
    const file = join(draft, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, code);
  }
  // Another test may have made the same folder meanwhile: then this draft is of no use, and harmless.
  if (!existsSync(folder)) renameSync(draft, folder);
  return folder;
}
