/**
 * The worker's program text: worker.ts with the engine, as one classic script. Node only; the same text in `astro dev`,
 * in a build, in the tests and for the output that is baked into pages.
 *
 * The bundle takes the language's globals into constants of its own first: names that a cell declares are properties
 * of the global object, and a cell that declares `Map` must not change what the engine calls Map.
 *
 * Its engine has the flat hot paths of scripts/flatten; while a cell is watched, the functions run as they are written.
 */

import { join } from "node:path";
import { rolldown } from "rolldown";
import { flattenPlugin } from "../../scripts/flatten/build.ts";

/** Names that the bundle keeps for itself. Those that a browser does not have are undefined here too. */
const CAPTURED =
  "Array ArrayBuffer Atomics BigInt BigInt64Array BigUint64Array Boolean DataView Date Error Float32Array Float64Array " +
  "Function Int16Array Int32Array Int8Array JSON Map Math Number Object Promise Proxy RangeError Reflect RegExp Set " +
  "SharedArrayBuffer String Symbol SyntaxError TypeError Uint16Array Uint32Array Uint8Array Uint8ClampedArray WeakMap " +
  "WeakRef WeakSet isFinite isNaN parseFloat parseInt performance queueMicrotask setTimeout structuredClone " +
  "TextDecoder TextEncoder";

export interface BundleOptions {
  /** Off in development, where the text is read in a debugger: then the engine is as it is written, too. */
  readonly minify?: boolean;
  /** Another module in place of "goheap": the tests' own. */
  readonly engine?: string;
}

/** Bundles the worker. */
export async function bundleWorker({ minify = true, engine }: BundleOptions = {}): Promise<string> {
  const bundle = await rolldown({
    input: join(process.cwd(), "src/kernel/worker.ts"),
    platform: "browser",
    treeshake: true,
    logLevel: "silent",
    plugins: minify ? [flattenPlugin()] : [],
    ...(engine === undefined ? {} : { resolve: { alias: { goheap: engine } } }),
  });
  try {
    const { output } = await bundle.generate({ format: "iife", minify });
    const names = CAPTURED.split(" ").join(", ");
    return `(() => {\n"use strict";\nconst { ${names} } = globalThis;\n${output[0].code}\n})();\n`;
  } finally {
    await bundle.close();
  }
}

let once: Promise<string> | null = null;

/** The bundle as production serves it, made once per process. */
export function workerText(): Promise<string> {
  once ??= bundleWorker();
  return once;
}
