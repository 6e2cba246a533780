/**
 * The shards of a pool: those that its threads are dealt out over, and behind them, once it is needed, the one for
 * requests of 8 MiB and more. There are few of those and they are seldom asked for again, so that one keeps no free
 * pages: what time it would have to let them go is 0, unless it is for ever.
 *
 * jemalloc 5.3.0: arena_choose_huge in arena.c (opt.oversize_threshold).
 */
import type { Memory } from "../memory/memory.ts";
import { baseAlloc } from "./base.ts";
import { decayInit } from "./decay.ts";
import { firstGrowClass } from "./extents.ts";
import * as decay from "./records/decay.ts";
import * as pool from "./records/pool.ts";
import * as shard from "./records/shard.ts";

/** Shards, that for long requests among them when it is there. */
export function shardCount(m: Memory, p: pool.Pool): number {
  return pool.shards(m, p) + (pool.oversize(m, p) === 0 ? 0 : 1);
}

/** Shard number i. */
export function shardAt(m: Memory, p: pool.Pool, i: number): shard.Shard {
  return i < pool.shards(m, p) ? pool.shard0(m, p) + i * shard.layout.size : pool.oversize(m, p);
}

/** Prepares a shard. @param dirty and `muzzy`: decay times in nanoseconds, 0 at once, -1 never */
export function shardInit(m: Memory, sh: shard.Shard, index: number, dirty: number, muzzy: number, now: number): void {
  shard.setIndex(m, sh, index);
  shard.setGrowClass(m, sh, firstGrowClass);
  decayInit(m, shard.decayOf(sh, 0), dirty, now);
  decayInit(m, shard.decayOf(sh, 1), muzzy, now);
}

/** The shard for requests of 8 MiB and more, made when it is first asked for; 0 when there is no room for it. */
export function oversizeShard(m: Memory, p: pool.Pool): shard.Shard {
  const made = pool.oversize(m, p);
  if (made !== 0) return made;
  const sh: shard.Shard = baseAlloc(m, p, shard.layout.size, false);
  if (sh === 0) return 0;
  const time = (which: number) => Math.min(decay.time(m, shard.decayOf(shardAt(m, p, 0), which)), 0);
  shardInit(m, sh, pool.shards(m, p), time(0), time(1), pool.now(m, p));
  pool.setOversize(m, p, sh);
  return sh;
}
