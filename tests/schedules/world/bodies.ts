/** Threads that run, and threads that stop them: bodies for the stepped build. */
import { load32, store32 } from "../../../engine/memory/atomics.ts";
import { throwFatal } from "../../../engine/memory/fatal.ts";
import type { Memory } from "../../../engine/memory/memory.ts";
import { allp, data, gomaxprocs, mheap_, sched } from "../../../engine/records/globals.ts";
import { worldsema } from "../../../engine/records/gsched.ts";
import { flushGen } from "../../../engine/records/mcache.ts";
import * as mheap from "../../../engine/records/mheap.ts";
import * as p from "../../../engine/records/runtime2.ts";
import {
  forEachP,
  handoffp,
  safePoint,
  semacquire,
  semrelease,
  startTheWorldWithSema,
  stopTheWorldWithSema,
  takep,
} from "../../../engine/runtime/proc_world.ts";

/** Offset of a word that is 1 while P i is in the middle of an operation. */
function busyAt(m: Memory, i: number): number {
  return data(m) + 8 * i;
}

/** Takes P i, makes one operation of two steps, and gives the P back. */
export function work(m: Memory, i: number): number {
  takep(m, allp(m, i));
  safePoint(m);
  store32(m, busyAt(m, i), 1);
  store32(m, busyAt(m, i), 0);
  safePoint(m);
  handoffp(m);
  return i;
}

/** Takes P i and stops the world: nobody may be in the middle of anything. Then has all Ps flush for a new sweep. */
export function collect(m: Memory, i: number): number {
  const sema = worldsema(sched(m));
  takep(m, allp(m, i));
  semacquire(m, sema);
  stopTheWorldWithSema(m);
  for (let k = 0; k < gomaxprocs(m); k++) {
    if (load32(m, busyAt(m, k)) !== 0) throwFatal(`P ${k} works while the world stands still`);
  }
  mheap.setSweepgen(m, mheap_(m), mheap.sweepgen(m, mheap_(m)) + 2);
  startTheWorldWithSema(m);
  forEachP(m);
  for (let k = 0; k < gomaxprocs(m); k++) {
    const c = p.mcache(m, allp(m, k));
    if (flushGen(m, c) !== mheap.sweepgen(m, mheap_(m))) throwFatal(`P ${k} has not flushed`);
  }
  semrelease(m, sema);
  handoffp(m);
  return i;
}
