/** What a V8 CPU profile says: the functions that the time of the timed part was spent in. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
    readonly children?: readonly number[];
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** Share of the time below `root` in each function, the callees' left out; the greatest first. */
export function selfTimes(profile: Profile, root: string): { name: string; share: number }[] {
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const parent = new Map(profile.nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node.id])));
  const times = new Map<string, number>();
  let total = 0;
  profile.samples.forEach((id, i) => {
    if (!isBelow(id)) return;
    const { functionName, url } = nodes.get(id)!.callFrame;
    const name = `${functionName} (${basename(url)})`;
    times.set(name, (times.get(name) ?? 0) + profile.timeDeltas[i]);
    total += profile.timeDeltas[i];
  });
  return [...times].map(([name, t]) => ({ name, share: t / total })).sort((a, b) => b.share - a.share);

  function isBelow(id: number): boolean {
    for (let at: number | undefined = id; at !== undefined; at = parent.get(at)) {
      if (nodes.get(at)!.callFrame.functionName === root) return true;
    }
    return false;
  }
}

/** Runs a program under V8's profiler. @param run gets the flags that node needs */
export function profiled(run: (flags: readonly string[]) => void): Profile {
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  try {
    run(["--cpu-prof", "--cpu-prof-interval", "200", "--cpu-prof-dir", folder]);
    return JSON.parse(readFileSync(join(folder, readdirSync(folder)[0]), "utf8"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
