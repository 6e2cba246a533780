/** GODEBUG=gcpacertrace=1: the lines of three cycles that Go 1.26.8 printed with six Ps, from the same figures. */
import { expect, test } from "vitest";
import { maxInt64, subS } from "../../engine/memory/int64.ts";
import * as gcc from "../../engine/records/gcController.ts";
import * as pacer from "../../engine/runtime/mgcpacer.ts";
import { pacerTraceEnd, pacerTraceStart } from "../../engine/runtime/mgcpacer_trace.ts";
import { printfloat64, printint } from "../../engine/runtime/print.ts";
import { GCController } from "./pacer.ts";

const procs = 6;

test.each([
  [
    { live: 360448, marked: 368640, expected: [0, 0], work: [117072, 2448], consMark: 0 },
    "pacer: assist ratio=0.038071852463942304 (scan 0 MB in 0->4 MB) workers=1+0.08333333333333333",
    "pacer: 25% CPU (25 exp.) for 117072+2448+145962 B work (145962 B exp.) in 360448 B -> 368640 B (∆goal -3825664, cons/mark 0)",
  ],
  [
    {
      live: 145584,
      marked: 161856,
      expected: [117072, 2448],
      work: [122672, 2464],
      consMark: 0.011968705551270086,
    },
    "pacer: assist ratio=0.06557183504910194 (scan 0 MB in 0->4 MB) workers=1+0.08333333333333333",
    "pacer: 25% CPU (25 exp.) for 122672+2464+145962 B work (265482 B exp.) in 145584 B -> 161856 B (∆goal -4032448, cons/mark 0.011968705551270086)",
  ],
  [
    {
      live: 153968,
      marked: 181416,
      expected: [122672, 2464],
      work: [122872, 2504],
      consMark: 0.023842843749659556,
    },
    "pacer: assist ratio=0.06709788492838219 (scan 0 MB in 0->4 MB) workers=1+0.08333333333333333",
    "pacer: 25% CPU (25 exp.) for 122872+2504+145962 B work (271098 B exp.) in 153968 B -> 181416 B (∆goal -4012888, cons/mark 0.023842843749659556)",
  ],
])("a cycle from %o", ({ live, marked, expected, work, consMark }, start, end) => {
  const { m, c } = new GCController(100, gcc.noMemoryLimit);
  pacer.addGlobals(m, 145962);
  gcc.setLastHeapScan(m, c, expected[0]);
  gcc.setLastStackScan(m, c, expected[1]);
  gcc.setHeapLive(m, c, live);
  pacer.startCycle(m, 1000, procs, gcc.gcTriggerCycle);
  expect(pacerTraceStart(m, live)).toBe(start);

  gcc.setHeapLive(m, c, marked);
  gcc.setHeapScanWork(m, c, work[0]);
  gcc.setStackScanWork(m, c, work[1]);
  gcc.setGlobalsScanWork(m, c, 145962);
  gcc.setConsMark(m, c, consMark);
  pacer.endCycle(m, 2000, procs);
  expect(pacerTraceEnd(m, 2000, procs, consMark)).toBe(end);
});

test("assists raise the share; a cycle in which nothing was allocated has no line; goals may be near 2^63", () => {
  const { m, c } = new GCController(-1, gcc.noMemoryLimit);
  gcc.setHeapLive(m, c, 5000);
  pacer.startCycle(m, 0, 4, gcc.gcTriggerCycle);
  expect(pacerTraceStart(m, 3 * 2 ** 20)).toMatch(/\(scan 0 MB in 3->8532210231541 MB\) workers=1\+0$/);
  pacer.endCycle(m, 100, 4);
  expect(pacerTraceEnd(m, 100, 4, 0)).toBe(null);
  gcc.setHeapLive(m, c, 6000);
  gcc.setAssistTime(m, c, 47);
  pacer.endCycle(m, 100, 4);
  expect(pacerTraceEnd(m, 100, 4, 0)).toBe(
    "pacer: 36% CPU (25 exp.) for 0+0+0 B work (0 B exp.) in 5000 B -> 6000 B (∆goal -8946670875749126533, cons/mark 0)",
  );
});

test("numbers as println of Go 1.26.8 has them", () => {
  const floats = [1e5, 1e6, 123456.5, 1234567, 1234567.5, 1e20, 1e21, 1e22, 1.2345678901234568e17, 0.0001, 0.00012345];
  expect([...floats, 0.00001, -2.5e-7, 1e100, 5e-324, 0, -0].map(printfloat64).join(" ")).toBe(
    "100000 1e+06 123456.5 1.234567e+06 1.2345675e+06 1e+20 1e+21 1e+22 1.2345678901234568e+17 0.0001 0.00012345 " +
      "1e-05 -2.5e-07 1e+100 5e-324 0 -0",
  );
  expect([Number.NaN, 1 / 0, -1 / 0].map(printfloat64)).toEqual(["NaN", "+Inf", "-Inf"]);
  expect([0, -17, maxInt64, subS(-5, maxInt64)].map(printint)).toEqual([
    "0",
    "-17",
    "9223372036854775807",
    "9223372036854775804", // wrapped around
  ]);
});
