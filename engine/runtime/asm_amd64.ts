/**
 * Calls and returns: what a compiled Go function does to its stack on amd64.
 *
 *   CALL       push the return address
 *   prologue   compare with stackguard0, and have the stack grown if need be; push the frame pointer; make room
 *   epilogue   the reverse, and RET
 *
 * Go 1.26: cmd/internal/obj/x86/obj6.go (preprocess, stacksplit), runtime/asm_amd64.s (morestack, gostartcall).
 * Differs: arguments and results are the caller's business; frames hold locals only.
 * Differs: all locals are cleared, not only those that a compiler cannot prove to be written first.
 */
import { loadPointer, storePointer } from "../memory/address.ts";
import { throwFatal } from "../memory/fatal.ts";
import type { Memory } from "../memory/memory.ts";
import * as g from "../records/g.ts";
import * as symtab from "../records/symtab.ts";
import { newstack, stackGuard, stackSmall } from "./stack.ts";

/** Makes the goroutine begin with function `f`, as if goexit had called it. Go: gostartcall. */
export function gostartcall(m: Memory, gp: g.G, f: symtab.Func): void {
  const sp = g.schedSp(m, gp) - 8;
  store(m, sp, g.schedPc(m, gp));
  g.setSchedSp(m, gp, sp);
  g.setSchedPc(m, gp, symtab.entry(m, f));
}

/** Calls the function of safe point `pc`, and stops there. The goroutine runs. */
export function call(m: Memory, gp: g.G, pc: symtab.PC): void {
  const sp = g.schedSp(m, gp) - 8;
  store(m, sp, g.schedPc(m, gp));
  g.setSchedSp(m, gp, sp);
  g.setSchedPc(m, gp, symtab.entry(m, symtab.fn(m, pc)));
  prologue(m, gp, pc);
}

/** Makes the frame of the function at whose entry the goroutine stands, and goes on to its safe point `pc`. */
export function prologue(m: Memory, gp: g.G, pc: symtab.PC): void {
  if (g.atomicstatus(m, gp) !== g._Grunning) throwFatal("runtime: wrong goroutine in newstack");
  const frame = symtab.frame(m, symtab.fn(m, pc));
  if (needsStack(m, gp, frame)) morestack(m, gp);
  const sp = g.schedSp(m, gp);
  storePointer(m, sp - 8, g.schedBp(m, gp));
  g.setSchedBp(m, gp, sp - 8);
  m.u8.fill(0, sp - frame, sp - 8);
  g.setSchedSp(m, gp, sp - frame);
  g.setSchedPc(m, gp, pc);
}

/** The check at a function's beginning. */
function needsStack(m: Memory, gp: g.G, frame: number): boolean {
  const below = frame <= stackSmall ? 0 : frame - stackSmall;
  return g.schedSp(m, gp) - below <= g.stackLo(m, gp) + stackGuard;
}

function morestack(m: Memory, gp: g.G): void {
  newstack(m, gp);
  const frame = symtab.frame(m, symtab.fn(m, g.schedPc(m, gp)));
  if (needsStack(m, gp, frame)) throwFatal("runtime: split stack overflow");
}

/** Leaves the frame in which the goroutine stands. @returns the safe point in the caller; goexit's at the end */
export function ret(m: Memory, gp: g.G): symtab.PC {
  const sp = g.schedSp(m, gp) + symtab.spdelta(m, g.schedPc(m, gp));
  g.setSchedBp(m, gp, loadPointer(m, sp - 8));
  const pc: symtab.PC = m.i32[sp >> 2];
  g.setSchedPc(m, gp, pc);
  g.setSchedSp(m, gp, sp + 8);
  return pc;
}

/** Writes a return address. */
function store(m: Memory, sp: number, pc: symtab.PC): void {
  m.i32[sp >> 2] = pc;
  m.i32[(sp >> 2) + 1] = 0;
}
