/**
 * Walking a stack, from the frame that stands still to the goroutine's first.
 *
 * Go 1.26: runtime/traceback.go (unwinder), runtime/stkframe.go (stkframe).
 */
import { throwFatal } from "../memory/fatal.ts";
import type { Memory } from "../memory/memory.ts";
import * as g from "../records/g.ts";
import * as symtab from "../records/symtab.ts";

/** The frame that a walk has come to. */
export interface Unwinder {
  /** The frame's safe point; 0 when the walk is over. */
  pc: symtab.PC;
  /** Its lowest byte. */
  sp: number;
  /** The byte after its return address. */
  fp: number;
  /** The byte after its locals, where the caller's frame pointer lies. */
  varp: number;
  /** Its arguments, which are its caller's bytes. */
  argp: number;
  gp: g.G;
}

export function newUnwinder(): Unwinder {
  return { pc: 0, sp: 0, fp: 0, varp: 0, argp: 0, gp: 0 };
}

/** Begins at the frame in which the goroutine stands. */
export function unwinderInit(m: Memory, u: Unwinder, gp: g.G): void {
  u.gp = gp;
  enter(m, u, g.schedPc(m, gp), g.schedSp(m, gp));
}

export function unwinderValid(u: Unwinder): boolean {
  return u.pc !== 0;
}

/** Goes on to the caller. */
export function unwinderNext(m: Memory, u: Unwinder): void {
  enter(m, u, m.i32[(u.fp - 8) >> 2], u.fp);
}

function enter(m: Memory, u: Unwinder, pc: symtab.PC, sp: number): void {
  const f = pc === 0 ? 0 : symtab.fn(m, pc);
  if (f === 0) throwFatal("unknown pc");
  if (symtab.funcID(m, f) === symtab.FuncIDGoexit) {
    u.pc = 0;
    if (sp !== g.stktopsp(m, u.gp)) throwFatal("traceback stuck");
    return;
  }
  u.pc = pc;
  u.sp = sp;
  u.fp = sp + symtab.spdelta(m, pc) + 8;
  u.varp = u.fp - 8;
  if (u.varp > sp) u.varp -= 8; // past the entry: the caller's frame pointer was pushed
  u.argp = u.fp;
}
