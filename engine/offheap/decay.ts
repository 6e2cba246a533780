/**
 * Decay: free pages go back to the operating system by and by, as memory that is wanted again soon costs less if kept.
 *
 * A page that became free is allowed to stay for the decay time (10 s for dirty pages unless told otherwise), and how
 * many of its kind may still stay falls on a smooth curve: nearly all at first, half after half the time, none at the
 * end. Time runs in epochs of 1/200 of the decay time. `backlog[i]` is how many pages became free in each of the last
 * 200; at the end of an epoch
 *
 *   limit = Σ backlog[i] · s((i + 1) / 200)        s(x) = 6x⁵ - 15x⁴ + 10x³, the oldest epoch first
 *
 * and free runs are let go, those freed longest ago first, until at most `limit` pages are left. A run goes as a whole:
 * one of 1000 pages goes as soon as 999 may stay. And a dirty run whose turn has come first joins a free neighbour, if
 * it has one; both together then count as freed just now, and the next in line has its turn. So pages that lie side by
 * side go together, and few calls to the system are enough; only pages that lie apart follow the curve closely.
 *
 * Dirty runs become muzzy when muzzy pages have a decay time of their own, else they are purged; muzzy ones are purged.
 *
 * Time is virtual: it moves when the program says so, an epoch at a time. jemalloc looks at its clock when it is called.
 *
 * jemalloc 5.3.0: decay.c, pac.c, ecache_evict in extent.c.
 * Other than there: deadlines have no random jitter, so that equal programs stay equal.
 */

import { lock, unlock } from "../memory/atomics.ts";
import type { Memory } from "../memory/memory.ts";
import { countPurge, esetInsert, esetRemove, joinOne, purgeForced, purgeLazily } from "./extents.ts";
import * as decay from "./records/decay.ts";
import * as eset from "./records/eset.ts";
import * as extent from "./records/extent.ts";
import * as pool from "./records/pool.ts";
import * as shard from "./records/shard.ts";
import { shardAt, shardCount } from "./shards.ts";

/** The curve at (i + 1) / 200, in units of 2^-24. */
const curve: readonly number[] = Array.from({ length: decay.decaySteps }, (_, i) => {
  const x = (i + 1) / decay.decaySteps;
  return Math.floor(x * x * x * (x * (x * 6 - 15) + 10) * 2 ** 24);
});

/** Sets a decay time, in nanoseconds: 0 at once, -1 never. What is free already counts as just freed. */
export function decayInit(m: Memory, d: decay.Decay, time: number, now: number): void {
  decay.setTime(m, d, time);
  decay.setInterval(m, d, time > 0 ? Math.max(1, Math.floor(time / decay.decaySteps)) : 0);
  decay.setEpoch(m, d, now);
  decay.setNunpurged(m, d, 0);
  for (let i = 0; i < decay.decaySteps; i++) decay.setBacklog(m, d, i, 0);
}

/** Pages that may stay. */
export function decayLimit(m: Memory, d: decay.Decay): number {
  let sum = 0;
  for (let i = 0; i < decay.decaySteps; i++) sum += decay.backlog(m, d, i) * curve[i];
  return Math.floor(sum / 2 ** 24);
}

/** Takes the run out that is to go next. @returns 0 when at most `limit` pages are left */
function evict(m: Memory, p: pool.Pool, s: eset.Eset, limit: number): extent.Extent {
  while (eset.pages(m, s) > limit) {
    const e = eset.oldest(m, s);
    esetRemove(m, e);
    const longer = joinOne(m, p, e); // muzzy runs have joined long ago
    if (longer === 0) return e;
    esetInsert(m, longer);
  }
  return 0;
}

/**
 * Lets runs of one state go, those freed longest ago first, until at most `limit` pages are left.
 *
 * @param which 0 dirty, 1 muzzy
 * @param isLazy dirty runs become muzzy; else they are given back
 */
export function purgeTo(
  m: Memory,
  p: pool.Pool,
  sh: shard.Shard,
  which: number,
  limit: number,
  isLazy = which === 0 && decay.time(m, shard.decayOf(sh, 1)) !== 0,
): void {
  const s = shard.set(sh, which);
  for (let e = evict(m, p, s, limit); e !== 0; e = evict(m, p, s, limit)) {
    countPurge(m, sh, which, extent.pages(m, e));
    if (isLazy) purgeLazily(m, p, e);
    else purgeForced(m, p, e);
  }
}

/** Lets go what has no time to stay; after every free of a run. */
export function decayAtOnce(m: Memory, p: pool.Pool, sh: shard.Shard): void {
  for (let which = 0; which < 2; which++) {
    if (decay.time(m, shard.decayOf(sh, which)) === 0) purgeTo(m, p, sh, which, 0);
  }
}

/** Ends the current epoch. */
function endEpoch(m: Memory, p: pool.Pool, sh: shard.Shard, which: number): void {
  const d = shard.decayOf(sh, which);
  const s = shard.set(sh, which);
  const last = decay.decaySteps - 1;
  for (let i = 0; i < last; i++) decay.setBacklog(m, d, i, decay.backlog(m, d, i + 1));
  decay.setBacklog(m, d, last, Math.max(eset.pages(m, s) - decay.nunpurged(m, d), 0));
  const limit = decayLimit(m, d);
  purgeTo(m, p, sh, which, limit);
  decay.setNunpurged(m, d, Math.max(limit, eset.pages(m, s)));
}

/** True when nothing is free in this state and nothing is remembered: an epoch's end would change nothing. */
function isQuiet(m: Memory, sh: shard.Shard, which: number): boolean {
  const d = shard.decayOf(sh, which);
  if (eset.pages(m, shard.set(sh, which)) !== 0 || decay.nunpurged(m, d) !== 0) return false;
  for (let i = 0; i < decay.decaySteps; i++) if (decay.backlog(m, d, i) !== 0) return false;
  return true;
}

/** Lets time pass in every shard. Of all shards and states the epoch that ends next ends first. @param ns nanoseconds */
export function decayAdvance(m: Memory, p: pool.Pool, ns: number): void {
  const until = pool.now(m, p) + ns;
  for (let at = nextEnd(m, p); at <= until; at = nextEnd(m, p)) endEpochs(m, p, at);
  endEpochs(m, p, until);
  pool.setNow(m, p, until);
}

function decays(m: Memory, sh: shard.Shard, which: number): boolean {
  return decay.time(m, shard.decayOf(sh, which)) > 0;
}

/** When the next epoch ends that changes anything. */
function nextEnd(m: Memory, p: pool.Pool): number {
  let at = Number.POSITIVE_INFINITY;
  for (let i = 0; i < shardCount(m, p); i++) {
    const sh = shardAt(m, p, i);
    for (let w = 0; w < 2; w++) {
      const d = shard.decayOf(sh, w);
      if (decays(m, sh, w) && !isQuiet(m, sh, w)) at = Math.min(at, decay.epoch(m, d) + decay.interval(m, d));
    }
  }
  return at;
}

/** Ends every epoch that ends by `at`; of those in which nothing happens, any number at once. */
function endEpochs(m: Memory, p: pool.Pool, at: number): void {
  for (let i = 0; i < shardCount(m, p); i++) {
    const sh = shardAt(m, p, i);
    for (let w = 0; w < 2; w++) {
      const d = shard.decayOf(sh, w);
      if (!decays(m, sh, w)) continue;
      const interval = decay.interval(m, d);
      const ended = Math.floor((at - decay.epoch(m, d)) / interval);
      if (ended <= 0) continue;
      decay.setEpoch(m, d, decay.epoch(m, d) + ended * interval);
      if (isQuiet(m, sh, w)) continue;
      lock(m, shard.lockOf(sh));
      endEpoch(m, p, sh, w);
      unlock(m, shard.lockOf(sh));
    }
  }
}
