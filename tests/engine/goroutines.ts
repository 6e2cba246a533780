/** Goroutines for tests: functions with given frames, stacks grown on purpose. */
import * as g from "../../engine/records/g.ts";
import type { Func } from "../../engine/records/symtab.ts";
import * as symtab from "../../engine/records/symtab.ts";
import { call, prologue } from "../../engine/runtime/asm_amd64.ts";
import { casgstatus, gdestroy, newproc1 } from "../../engine/runtime/proc_g.ts";
import { newFunc, newSafePoint } from "../../engine/runtime/symtab.ts";
import type { World } from "./object-heap.ts";

export interface Fn {
  readonly f: Func;
  readonly pc: symtab.PC;
}

/** A function with `words` words of locals; `p` in the pattern is a live pointer. The lowest word is first. */
export function fn(w: World, pattern: string): Fn {
  const f = newFunc(w.m, 8 * pattern.length);
  const pointers = [...pattern].map((c) => c === "p");
  return { f, pc: newSafePoint(w.m, f, symtab.frame(w.m, f), pointers) };
}

/** A function without pointers, of `bytes` bytes of locals. */
export function plainFn(w: World, bytes: number): Fn {
  const f = newFunc(w.m, bytes);
  return { f, pc: newSafePoint(w.m, f, symtab.frame(w.m, f), []) };
}

/** `go f()`, and lets it run up to its safe point. */
export function start(w: World, f: Fn): g.G {
  const gp = newproc1(w.m, f.f);
  casgstatus(w.m, gp, g._Grunnable, g._Grunning);
  prologue(w.m, gp, f.pc);
  return gp;
}

export function callFn(w: World, gp: g.G, f: Fn): void {
  call(w.m, gp, f.pc);
}

/** Lets it wait for ever. */
export function park(w: World, gp: g.G): void {
  casgstatus(w.m, gp, g._Grunning, g._Gwaiting);
}

export function exit(w: World, gp: g.G): void {
  gdestroy(w.m, gp);
}

export function stackOf(w: World, gp: g.G): { lo: number; hi: number; size: number; used: number } {
  const lo = g.stackLo(w.m, gp);
  const hi = g.stackHi(w.m, gp);
  return { lo, hi, size: hi - lo, used: hi - g.schedSp(w.m, gp) };
}
