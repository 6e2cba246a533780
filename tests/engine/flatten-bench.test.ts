/** The bench's own arithmetic and its committed figures. */
import { describe, expect, test } from "vitest";
import { selfTimes } from "../bench/profile.ts";
import ratios from "../bench/ratios.json" with { type: "json" };
import { PAGES, workloads } from "../bench/workloads.ts";

describe("B2", () => {
  test("has the eight small workloads, of which the mean is taken, and three large ones", () => {
    expect(workloads.filter((w) => w.small).map((w) => w.name)).toEqual([
      ...["noscan-8", "noscan-16", "noscan-64", "noscan-1024"],
      ...["scan-8", "scan-16", "scan-64", "scan-1024"],
    ]);
    expect(workloads.filter((w) => !w.small).map((w) => w.size)).toEqual([32768, 65536, 1048576]);
  });

  test("has Go's recorded ratio to the reference loop for each workload", () => {
    const names = [...workloads.map((w) => w.name), PAGES];
    expect(Object.keys(ratios.ratios)).toEqual(names);
    for (const ratio of Object.values(ratios.ratios)) expect(ratio).toBeGreaterThan(0);
  });

  test("counts in a profile what lies below the timed function only", () => {
    const frame = (functionName: string) => ({ functionName, url: "file:///a/x.ts" });
    const nodes = [
      { id: 1, callFrame: frame("(root)"), children: [2, 4] },
      { id: 2, callFrame: frame("fill"), children: [3] },
      { id: 3, callFrame: frame("refill") },
      { id: 4, callFrame: frame("sweep") },
    ];
    expect(selfTimes({ nodes, samples: [2, 3, 3, 4], timeDeltas: [10, 20, 10, 99] }, "fill")).toEqual([
      { name: "refill (x.ts)", share: 0.75 },
      { name: "fill (x.ts)", share: 0.25 },
    ]);
  });
});
