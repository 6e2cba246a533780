/** The CPU limiter: the bucket, the changes of phase, and the events of Ps. */
import { describe, expect, test } from "vitest";
import type { Memory } from "../../engine/memory/memory.ts";
import * as gclimit from "../../engine/records/gclimit.ts";
import * as globals from "../../engine/records/globals.ts";
import * as gsched from "../../engine/records/gsched.ts";
import * as memstats from "../../engine/records/memstats.ts";
import * as p from "../../engine/records/runtime2.ts";
import * as limiter from "../../engine/runtime/mgclimit.ts";
import { schedinit } from "../../engine/runtime/proc.ts";
import { bootHeap } from "../oracle/adapters/heap.ts";
import { bareMemory } from "../oracle/adapters/pages.ts";

const ms = 1e6;
const second = 1e9;
const hour = 3600 * second;

/** A limiter for so many processors, at time 0. Go: NewGCCPULimiter. */
function newLimiter(procs: number): Memory {
  const m = bareMemory();
  limiter.limiterResetCapacity(m, 0, procs);
  return m;
}

const fill = (m: Memory) => gclimit.fill(m, globals.gcCPULimiter(m));
const capacity = (m: Memory) => gclimit.capacity(m, globals.gcCPULimiter(m));
const overflow = (m: Memory) => gclimit.overflow(m, globals.gcCPULimiter(m));
const state = (m: Memory) => [fill(m), overflow(m), limiter.limiting(m)];

test("[C144] the golden vector: two processors, a cycle that takes them whole for three seconds", () => {
  const m = newLimiter(2);
  expect(state(m)).toEqual([0, 0, false]);
  limiter.limiterUpdate(m, 1e9);
  expect(state(m)).toEqual([0, 0, false]);
  limiter.startGCTransition(m, true, 1.001e9);
  limiter.finishGCTransition(m, 1.003e9);
  expect(state(m)).toEqual([4e6, 0, false]);
  for (const [now, over] of [
    [2.003e9, 4e6],
    [3.003e9, 2.004e9],
    [4.003e9, 4.004e9],
    [5.003e9, 6.004e9],
  ]) {
    limiter.limiterAddAssistTime(m, 1.5e9);
    limiter.limiterUpdate(m, now);
    expect(state(m)).toEqual([2e9, over, true]);
  }
  limiter.startGCTransition(m, false, 5.004e9);
  limiter.finishGCTransition(m, 5.005e9);
  expect(state(m)).toEqual([2e9, 6.005e9, true]);
  limiter.limiterUpdate(m, 6e9);
  expect(state(m)).toEqual([10e6, 6.005e9, false]);
});

describe("[C144] TestGCCPULimiter", () => {
  const procs = 14;
  const background = 0.25;

  test("time of either side, exact fills, overflow, changes of size; and all of it a second time", () => {
    const m = newLimiter(procs);
    let now = 0;
    let base = 0;
    const later = (d: number) => {
      now += d;
      return now;
    };
    /** So long with this share of all processors in assists. */
    const pass = (d: number, share: number) => {
      limiter.limiterAddAssistTime(m, Math.trunc(share * d * procs));
      limiter.limiterUpdate(m, later(d));
    };
    const expectState = (full: number, over: number, on: boolean) => {
      expect(state(m)).toEqual([full, base + over, on]);
    };
    const full = procs * limiter.capacityPerProc;
    for (let round = 0; round < 2; round++) {
      expect([capacity(m), fill(m)]).toEqual([full, 0]);

      for (const d of [10 * ms, second, hour]) limiter.limiterUpdate(m, later(d));
      expectState(0, 0, false);

      expect(limiter.limiterNeedUpdate(m, later(limiter.gcCPULimiterUpdatePeriod / 2))).toBe(false);
      expect(limiter.limiterNeedUpdate(m, later(limiter.gcCPULimiterUpdatePeriod))).toBe(true);
      limiter.limiterUpdate(m, now);
      expect(limiter.limiterNeedUpdate(m, now)).toBe(false);

      limiter.startGCTransition(m, true, later(109 * ms));
      const pause = 2 * ms + 1000;
      limiter.finishGCTransition(m, later(pause));
      expectState(pause * procs, 0, false);
      // With nobody assisting, a quarter marks and three quarters do not: half of the time drains.
      limiter.limiterUpdate(m, later((pause - 1) / (1 - 2 * background)));
      expectState(procs, 0, false);
      limiter.limiterUpdate(m, later(2 * full));
      expectState(0, 0, false);

      pass(10 * ms, 0.5 - background); // half and half: nothing moves
      expectState(0, 0, false);
      pass(ms, 1 - background);
      expectState(procs * ms, 0, false);
      pass(second - ms, 1 - background); // to the brim
      expectState(full, 0, true);
      pass(second, 0.5 - background); // a change of 0 leaves it on
      expectState(full, 0, true);
      pass(second, 0);
      expectState(full / 2, 0, false);
      pass(second, 1 - background);
      expectState(full, full / 2, true);

      limiter.limiterAddAssistTime(m, Math.trunc((1 - background) * ms * procs));
      limiter.startGCTransition(m, false, later(ms));
      expectState(full, (second / 2 + ms) * procs, true);
      limiter.finishGCTransition(m, later(5 * ms));
      const over = (second / 2 + 6 * ms) * procs;
      expectState(full, over, true);

      limiter.limiterResetCapacity(m, now, procs + 10);
      expectState(full, over, false);
      limiter.limiterResetCapacity(m, now, procs - 10); // less room is no overflow
      expectState((procs - 10) * limiter.capacityPerProc, over, true);
      limiter.limiterResetCapacity(m, later(full), procs);
      base += over;
    }
  });
});

describe("[C162] the limiter's life", () => {
  test("it is held from the start of a change of phase to its end: updates in between are dropped", () => {
    const m = newLimiter(4);
    limiter.startGCTransition(m, true, 100);
    limiter.limiterAddAssistTime(m, 50);
    limiter.limiterUpdate(m, 200);
    expect([fill(m), gclimit.lastUpdate(m, globals.gcCPULimiter(m))]).toEqual([0, 100]);
    expect(gclimit.assistTimePool(m, globals.gcCPULimiter(m))).toBe(50);
    expect(() => limiter.limiterResetCapacity(m, 200, 8)).toThrow("failed to acquire lock to reset capacity");
    expect(() => limiter.startGCTransition(m, false, 200)).toThrow("failed to acquire lock to start a GC transition");
    limiter.finishGCTransition(m, 300);
    expect(fill(m)).toBe(200 * 4); // what was asked for in between comes with the next update
    limiter.limiterUpdate(m, 300);
    expect(fill(m)).toBe(200 * 4 + 2 * 50); // into the bucket, and not out of it
  });

  test("a change of phase must change it, and must have been begun; an old time changes nothing", () => {
    const m = newLimiter(4);
    expect(() => limiter.startGCTransition(newLimiter(4), false, 1)).toThrow(
      "transitioning GC to the same state as before?",
    );
    expect(() => limiter.finishGCTransition(m, 1)).toThrow("finishGCTransition called without starting one?");
    limiter.startGCTransition(m, true, 1000);
    limiter.finishGCTransition(m, 2000);
    limiter.limiterUpdate(m, 1500);
    expect(state(m)).toEqual([4000, 0, false]);
  });

  test("outside of marking nothing updates it: once on it stays on; the cycle that it came on in is known", () => {
    const m = newLimiter(1);
    memstats.setNumgc(m, globals.memstats(m), 6);
    limiter.startGCTransition(m, true, 0);
    limiter.finishGCTransition(m, 1.5e9);
    expect(state(m)).toEqual([1e9, 0.5e9, true]);
    expect(gclimit.lastEnabledCycle(m, globals.gcCPULimiter(m))).toBe(7);
    memstats.setNumgc(m, globals.memstats(m), 7);
    limiter.startGCTransition(m, false, 1.5e9);
    limiter.finishGCTransition(m, 1.6e9);
    expect(gclimit.lastEnabledCycle(m, globals.gcCPULimiter(m))).toBe(7); // it was on already
    expect(limiter.limiting(m)).toBe(true);
    limiter.startGCTransition(m, true, 9e9); // the next cycle finds how long ago that was
    expect(state(m)).toEqual([0, 0.6e9, false]);
  });

  test("a bucket that is exactly as full as the new one is left as it is, on or off", () => {
    const m = newLimiter(2);
    limiter.startGCTransition(m, true, 0);
    limiter.finishGCTransition(m, 0.5e9);
    expect(state(m)).toEqual([1e9, 0, false]);
    limiter.limiterResetCapacity(m, 0.5e9, 1);
    expect(state(m)).toEqual([1e9, 0, false]);
    limiter.limiterResetCapacity(m, 0.5e9, 0);
    expect(state(m)).toEqual([0, 0, true]);
  });

  test("the number of Ps is the bucket's size", () => {
    const m = bootHeap();
    expect(capacity(m)).toBe(limiter.capacityPerProc);
    const four = bareMemory();
    schedinit(four, { procs: 4 });
    expect(capacity(four)).toBe(4 * limiter.capacityPerProc);
  });
});

describe("events", () => {
  /** A heap with two Ps, the collector marking since 0, and the event of P i. */
  function marking() {
    const m = bareMemory();
    schedinit(m, { procs: 2 });
    limiter.startGCTransition(m, true, 0);
    limiter.finishGCTransition(m, 0);
    return { m, event: (i: number) => p.limiterEvent(globals.allp(m, i)) };
  }
  const pools = (m: Memory) => {
    const c = globals.gcCPULimiter(m);
    return { assist: gclimit.assistTimePool(m, c), idle: gclimit.idleTimePool(m, c) };
  };
  const idleTime = (m: Memory) => gsched.idleTime(m, globals.sched(m));

  test("what ends before the update counts by its kind: assists for the collector, idling for nobody", () => {
    const { m, event } = marking();
    const run = (typ: number, from: number, to: number) => {
      expect(limiter.limiterEventStart(m, event(1), typ, from)).toBe(true);
      limiter.limiterEventStop(m, event(1), typ, to);
    };
    run(limiter.limiterEventMarkAssist, 100, 130);
    run(limiter.limiterEventScavengeAssist, 200, 205);
    expect(pools(m)).toEqual({ assist: 35, idle: 0 });
    run(limiter.limiterEventIdleMarkWork, 300, 310);
    expect([pools(m).idle, idleTime(m)]).toEqual([10, 0]);
    run(limiter.limiterEventIdle, 400, 402);
    expect([pools(m).idle, idleTime(m)]).toEqual([12, 2]);
    run(limiter.limiterEventIdle, 500, 499); // somebody's older idea of now
    expect(pools(m)).toEqual({ assist: 35, idle: 12 });
  });

  test("what goes on during an update is divided there: each nanosecond is counted once, in its own window", () => {
    const { m, event } = marking();
    limiter.limiterEventStart(m, event(0), limiter.limiterEventMarkAssist, 1000);
    limiter.limiterEventStart(m, event(1), limiter.limiterEventIdle, 1000);
    // Of 2 × 3000 ns, 2000 are nobody's; 1500 and 2000 the collector's; 500 the program's.
    limiter.limiterUpdate(m, 3000);
    expect(state(m)).toEqual([3500 - 500, 0, false]);
    expect(idleTime(m)).toBe(2000);
    limiter.limiterEventStop(m, event(0), limiter.limiterEventMarkAssist, 3600);
    limiter.limiterEventStop(m, event(1), limiter.limiterEventIdle, 3100);
    expect(pools(m)).toEqual({ assist: 600, idle: 100 });
    limiter.limiterUpdate(m, 4000); // 2 × 1000: 100 nobody's, 500 and 600 the collector's, 800 the program's
    expect(state(m)).toEqual([3000 + 1100 - 800, 0, false]);
  });

  test("a P is at one thing at a time, and ends what it began; times may be large", () => {
    const { m, event } = marking();
    const late = 2 ** 52 + 12345;
    expect(limiter.limiterEventStart(m, event(0), limiter.limiterEventIdleMarkWork, late)).toBe(true);
    expect(limiter.limiterEventStart(m, event(0), limiter.limiterEventMarkAssist, late + 1)).toBe(false);
    expect(limiter.limiterEventConsume(m, event(0), late)).toBe(limiter.limiterEventNone); // no time to take yet
    expect(limiter.limiterEventConsume(m, event(0), late + 70)).toBe(limiter.limiterEventIdleMarkWork);
    expect(limiter.limiterEventConsume(m, event(1), late)).toBe(limiter.limiterEventNone);
    expect(() => limiter.limiterEventStop(m, event(0), limiter.limiterEventIdle, late + 80)).toThrow(
      "limiterEvent.stop: found wrong event in p's limiter event slot",
    );
    limiter.limiterEventStop(m, event(0), limiter.limiterEventIdleMarkWork, late + 100);
    expect(pools(m).idle).toBe(30);
    expect(limiter.limiterEventStart(m, event(0), limiter.limiterEventMarkAssist, late + 200)).toBe(true);
  });
});
