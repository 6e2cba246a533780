/** Faults that only threads at work can show, and where they are looked for. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { buildWithFault } from "./build.ts";
import { meet, type Place } from "./meet.ts";
import type { Figures, Options } from "./run.ts";

/** One place where threads meet; or the whole allocator, with or without the heap's own assertions. */
export type Where = Place | "whole" | "whole, unchecked";

export const raceFaults: readonly (readonly [fault: string, where: Where])[] = [
  ["counters-without-atomics", "counts"],
  ["counters-in-halves", "counts"],
  ["page-bits-without-or", "bits"],
  ["heap-without-lock", "spans"],
  ["statistics-not-waited-for", "statistics"],
  ["stack-pool-without-lock", "stacks"],
  ["stack-release-without-lock", "stacks"],
  ["os-without-lock", "pages"],
  ["mark-bits-without-add", "bitmaps"],
  ["world-not-waited-for", "whole"],
  ["flush-not-waited-for", "whole"],
  ["refill-leaves-sweepgen", "whole"],
  ["page-cache-without-lock", "whole, unchecked"],
];

/** Faults of which the whole run seldom or never shows anything: the explorer (tests/schedules) finds them at once. */
export const rareFaults: readonly (readonly [fault: string, where: Where])[] = [
  ["span-set-push-without-add", "whole, unchecked"],
  ["heap-without-lock", "whole, unchecked"],
  ["growth-without-lock", "whole"],
  ["span-set-pop-without-cas", "whole"],
  ["span-set-block-made-twice", "whole"],
  ["span-set-popped-without-add", "whole"],
  ["span-set-pool-without-cas", "whole"],
  ["scavenged-range-not-held", "whole"],
  ["mark-bits-without-add", "whole"],
  ["sweepgen-without-cas", "whole"],
];

const program = join(import.meta.dirname, "run.ts");

/** The whole run, in a process of its own: threads that have gone wrong may take all down with them. */
export function runWhole(options: Options, path = program): Promise<Figures> {
  return new Promise((resolve, reject) => {
    const args = ["--no-warnings", path, JSON.stringify(options)];
    execFile(process.execPath, args, { maxBuffer: 2 ** 24 }, (error, stdout, stderr) => {
      const line = stdout.trim().split("\n").at(-1) ?? "";
      if (!line.startsWith("{")) return reject(new Error(`${error?.message}\n${stdout}${stderr}`));
      const result = JSON.parse(line) as Figures & { readonly error?: string };
      if (result.error === undefined) resolve(result);
      else reject(new Error(result.error));
    });
  });
}

/** Runs once under a fault. @returns what was found, or null */
export async function attempt(fault: string, where: Where, seed: number): Promise<string | null> {
  try {
    if (where === "whole" || where === "whole, unchecked") {
      const check = where === "whole" ? "local" : "none";
      await runWhole({ operations: 400_000, seed, check, patienceMs: 5000 }, buildWithFault(fault, "run"));
    } else {
      await meet(where, buildWithFault(fault, "tasks"));
    }
    return null;
  } catch (error) {
    return wordsOf(error as Error);
  }
}

/** The line of an error that says most. */
function wordsOf(error: Error): string {
  const lines = error.message.split("\n").map((line) => line.trim());
  return (lines.find((line) => line.includes(" failed after ")) ?? lines[0]).slice(0, 160);
}
