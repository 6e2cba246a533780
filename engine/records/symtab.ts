/**
 * Functions and safe points: what a collector must know of code to read a stack.
 *
 *   caller's frame
 *   ├── return pc ──┤ fp - 8        a pc is the record of the safe point where its function stands still
 *   ├── caller's bp ┤ fp - 16 = varp
 *   ├── locals ─────┤               bit i of the safe point's mask: word i of the locals, counted up from their
 *   └───────────────┘ sp            lowest, holds a pointer that is still going to be used
 *
 * Go 1.26: runtime/symtab.go (_func, funcMaxSPDelta), runtime/stkframe.go (stkframe, getStackMap).
 * Differs: there is no code. A pc is the offset of its safe point's record; a function's tables are one record.
 * Differs: the tables stand in the data segment, filled as functions become known, not in a file's read-only part.
 * Differs: locals whose address is taken are words of the locals like any other; Go lists them apart, as stack objects.
 */
import { Layout } from "../memory/layout.ts";
import type { Memory, Ptr } from "../memory/memory.ts";

export type Func = Ptr<"_func">;
/** A safe point; what stands where a stack holds a return address. 0 is none. */
export type PC = Ptr<"pc">;

/** Kinds of function that a walk over the stack must know. Go: abi.FuncID. */
export const FuncIDNormal = 0;
/** The outermost: a goroutine's first function returns to it. */
export const FuncIDGoexit = 7;

export const funcLayout = new Layout("_func");
export const [funcID, setFuncID] = funcLayout.u32("funcID");
/** Bytes of arguments that the caller keeps for it, above the return address. */
export const [args, setArgs] = funcLayout.u32("args");
/** The safe point before its first instruction: there is no frame yet. */
export const [entry, setEntry] = funcLayout.ptr<"pc">("entry");
/** Bytes of the frame: locals and the caller's frame pointer, without the return address. */
export const [frame, setFrame] = funcLayout.u32("frame");
/** The most that the function moves the stack pointer down. Go computes it from its tables: funcMaxSPDelta. */
export const [maxSPDelta, setMaxSPDelta] = funcLayout.u32("maxSPDelta");
funcLayout.seal();

export const pcLayout = new Layout("pc");
export const [fn, setFn] = pcLayout.ptr<"_func">("fn");
/** How far below the return address the stack pointer stands here. */
export const [spdelta, setSpdelta] = pcLayout.uptr("spdelta");
/** Words of locals and of arguments that the masks tell of. */
export const [nlocals, setNlocals] = pcLayout.u32("locals.n");
export const [nargs, setNargs] = pcLayout.u32("args.n");
pcLayout.seal();

/** Bytes of a safe point's record with its two masks. */
export function pcBytes(locals: number, arguments_: number): number {
  return pcLayout.size + 8 * ((locals + 63) >> 6) + 8 * ((arguments_ + 63) >> 6);
}

/** Offset of the mask of the locals. */
export function localsMask(pc: PC): number {
  return pc + pcLayout.size;
}

/** Offset of the mask of the arguments. */
export function argsMask(m: Memory, pc: PC): number {
  return localsMask(pc) + 8 * ((nlocals(m, pc) + 63) >> 6);
}

/** The tables of a process: functions and safe points, one after the other. */
export const tableBytes = 64 * 1024;
export const tableLayout = new Layout("pclntab");
/** Bytes in use of the area behind this word. */
export const [used, setUsed] = tableLayout.uptr("used");
export const goexit = tableLayout.record("goexit", funcLayout);
export const goexitPC = tableLayout.record("goexit+1", pcLayout);
export const area = tableLayout.bytes("area", tableBytes, 8);
tableLayout.seal();
