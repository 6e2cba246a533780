/**
 * g: a goroutine. The record is an object of the heap, of 456 bytes in a slot of 480, and its stack a piece of a span
 * that is managed by hand.
 *
 *   stack.lo                    sched.sp                stack.hi
 *   ├── guard 928 ──┬── free ───┬──────── used ────────┤   the stack grows downwards; a function that would
 *                   stackguard0                             come below stackguard0 has it grown first
 *
 * Since a g lies in the heap, its offset may be 0: none is `NIL`.
 *
 * Go 1.26: runtime/runtime2.go (g, gobuf, stack, _Gidle …).
 */
import { Layout } from "../memory/layout.ts";

/** Offset of a g in the heap, or NIL. */
export type G = number;

export const _Gidle = 0;
export const _Grunnable = 1;
export const _Grunning = 2;
export const _Gwaiting = 4;
export const _Gdead = 6;
export const _Gcopystack = 8;
/** Or-ed to the status while a collector scans the stack. */
export const _Gscan = 0x1000;

/** Words of a g that hold pointers, as the compiler's mask: bit i is word i. */
export const ptrMaskLo = 0x20020470;
export const ptrMaskHi = 0x00033320;
/** Bytes at the front of a g outside which no pointer lies. */
export const ptrBytes = 400;

export const layout = new Layout("g", 456);
/** The stack is [stack.lo, stack.hi); both NIL when a dead g has none. */
export const [stackLo, setStackLo] = layout.addr("stack.lo");
export const [stackHi, setStackHi] = layout.addr("stack.hi");
/** stack.lo plus 928: what functions compare their stack pointer with. */
export const [stackguard0, setStackguard0] = layout.addr("stackguard0");
layout.bytes("stackguard1", 8, 8);
layout.bytes("_panic", 24, 8); // _panic, _defer, m: there is nothing yet for them to point to
/** Where the goroutine goes on: Go's gobuf. */
export const [schedSp, setSchedSp] = layout.addr("sched.sp");
export const [schedPc, setSchedPc] = layout.ptr<"pc">("sched.pc");
layout.bytes("sched.g", 8, 8);
export const [schedCtxt, setSchedCtxt] = layout.addr("sched.ctxt");
layout.bytes("sched.lr", 8, 8);
/** Where the caller's frame pointer is kept; NIL in the outermost frame. */
export const [schedBp, setSchedBp] = layout.addr("sched.bp");
layout.bytes("syscallsp", 24, 8);
/** The stack pointer before the first frame. */
export const [stktopsp, setStktopsp] = layout.addr("stktopsp");
layout.bytes("param", 8, 8);
export const [atomicstatus, setAtomicstatus, atomicstatusCas] = layout.u32a("atomicstatus");
layout.u32("stackLock");
export const [goid, setGoid] = layout.i64("goid");
/** Next g of the list that this one stands in. */
export const [schedlink, setSchedlink] = layout.addr("schedlink");
layout.bytes("waitsince", 136, 8);
/** Where the goroutine began. */
export const [startpc, setStartpc] = layout.ptr<"pc">("startpc");
layout.bytes("racectx", 144, 8);
layout.seal();

/** Clears Go's gobuf. */
export function clearSched(m: { readonly u8: Uint8Array }, gp: G): void {
  m.u8.fill(0, gp + 56, gp + 104);
}
