/**
 * The clock of the process, and what runs while a goroutine sleeps.
 *
 * Time stands still unless somebody lets it pass: a program's own work takes none, giving memory back takes 10 µs for
 * 4 KiB (Go's own estimate), and a sleep takes as long as it says. During a sleep the background scavenger runs, when
 * its timer or sysmon wakes it.
 *
 * Go 1.26: runtime/time.go (timeSleep), runtime/proc.go (sysmon).
 * Differs: the clock is the process's own. Differs: one timer, the scavenger's. Differs: sysmon looks whenever
 * something may have changed, not every 20 µs to 10 ms, and wakes nobody but the scavenger.
 */
import type { Memory } from "../memory/memory.ts";
import { addClock, clock, scavenger } from "../records/globals.ts";
import * as scav from "../records/mgcscavenge.ts";
import { bgscavenge, scavengerTimer, scavengerWake } from "./mgcscavenge_pace.ts";

/** Nanoseconds since the process began. */
export function nanotime(m: Memory): number {
  return clock(m);
}

/** Wakes the scavenger if somebody asked for it, or its timer says so. */
export function sysmon(m: Memory): void {
  const s = scavenger(m);
  const timer = scavengerTimer(m, s);
  const isDue = timer !== scav.notAsleep && timer <= clock(m);
  if (isDue || scav.sysmonWake(m, s) !== 0) scavengerWake(m, s);
}

/** Lets `ns` nanoseconds pass, and everything happen that is due meanwhile. */
export function timeSleep(m: Memory, ns: number): void {
  const end = clock(m) + ns;
  for (;;) {
    sysmon(m);
    if (bgscavenge(m)) {
      if (clock(m) >= end) return; // its work took the rest of the time
      continue;
    }
    const timer = scavengerTimer(m, scavenger(m));
    if (timer === scav.notAsleep || timer > end) break;
    addClock(m, timer - clock(m));
  }
  addClock(m, end - clock(m));
}
