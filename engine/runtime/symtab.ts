/**
 * Functions: entering them in the tables that a walk over the stack reads.
 *
 * Go's linker does this, once; here a function is entered when it is first called.
 *
 * Go 1.26: runtime/symtab.go (findfunc, funcMaxSPDelta), cmd/link/internal/ld/pcln.go.
 */
import type { Memory } from "../memory/memory.ts";
import { pclntab } from "../records/globals.ts";
import * as symtab from "../records/symtab.ts";

/** Cuts `n` bytes, a multiple of 8, from the tables. @throws {RangeError} when they are full */
function tableAlloc(m: Memory, n: number): number {
  const t = pclntab(m);
  const used = symtab.used(m, t);
  if (used + n > symtab.tableBytes) throw new RangeError(`functions fill ${symtab.tableBytes} bytes of tables`);
  symtab.setUsed(m, t, used + n);
  return symtab.area(t) + used;
}

/** Enters goexit, which stands under every goroutine's first function. */
export function symtabInit(m: Memory): void {
  const t = pclntab(m);
  symtab.setFuncID(m, symtab.goexit(t), symtab.FuncIDGoexit);
  symtab.setFn(m, symtab.goexitPC(t), symtab.goexit(t));
}

/** Enters a function. @param locals bytes of its locals, a multiple of 8 @param args bytes of arguments on the stack */
export function newFunc(m: Memory, locals: number, args = 0): symtab.Func {
  const f: symtab.Func = tableAlloc(m, symtab.funcLayout.size);
  symtab.setArgs(m, f, args);
  symtab.setFrame(m, f, locals + 8);
  symtab.setMaxSPDelta(m, f, locals + 8);
  symtab.setEntry(m, f, newSafePoint(m, f, 0, [], []));
  return f;
}

/**
 * Enters a place in a function where a stack may be read.
 *
 * @param spdelta how far the stack pointer is below the return address there; the frame's size but for the entry
 * @param locals  for each word of the locals, from the lowest: does it hold a pointer that is still needed?
 * @param args    the same for the arguments
 */
export function newSafePoint(
  m: Memory,
  f: symtab.Func,
  spdelta: number,
  locals: readonly boolean[],
  args: readonly boolean[] = [],
): symtab.PC {
  const pc: symtab.PC = tableAlloc(m, symtab.pcBytes(locals.length, args.length));
  symtab.setFn(m, pc, f);
  symtab.setSpdelta(m, pc, spdelta);
  symtab.setNlocals(m, pc, locals.length);
  symtab.setNargs(m, pc, args.length);
  writeMask(m, symtab.localsMask(pc), locals);
  writeMask(m, symtab.argsMask(m, pc), args);
  return pc;
}

function writeMask(m: Memory, at: number, words: readonly boolean[]): void {
  for (let i = 0; i < words.length; i++) if (words[i]) m.u8[at + (i >> 3)] |= 1 << (i & 7);
}
