/**
 * special: a note about one object, kept outside the heap and found through the object's span.
 *
 *   span.specials ─> [offset 0, kind 2] ─> [offset 0, kind 7] ─> [offset 16, kind 2] ─> 0
 *
 * Invariants   1. The list is in order of (offset, kind).
 *              2. A kind stands at an offset at most once, but for cleanups and finalizer contexts: those are put
 *                 before their equals.
 *              3. The bit pageSpecials of the span's first page is set exactly while the list is not empty.
 *
 * Go 1.26: runtime/mheap.go (special, specialfinalizer, specialCleanup, specialWeakHandle, specialprofile …).
 * Differs: the kinds of synctest bubbles and of secrets have no records, as both features are off.
 */
import { Layout } from "../memory/layout.ts";
import type { Ptr } from "../memory/memory.ts";

export type Special = Ptr<"special">;

export const _KindSpecialTinyBlock = 1;
export const _KindSpecialFinalizer = 2;
export const _KindSpecialWeakHandle = 3;
export const _KindSpecialProfile = 4;
export const _KindSpecialReachable = 5;
export const _KindSpecialPinCounter = 6;
export const _KindSpecialCleanup = 7;
export const _KindSpecialCheckFinalizer = 8;

/** Declares the fields that every special begins with. */
function specialFields<K extends string>(layout: Layout<K>) {
  const next = layout.ptr<"special">("special.next");
  const offset = layout.uptr("special.offset");
  const kind = layout.u8("special.kind");
  layout.bytes("special.pad", 7);
  return { next, offset, kind };
}

export const layout = new Layout("special", 24);
const common = specialFields(layout);
export const [next, setNext] = common.next;
/** Bytes from the start of the span to the byte that the note is about. */
export const [offset, setOffset] = common.offset;
export const [kind, setKind] = common.kind;
layout.seal();

/** A place that a special is linked from: the span's field, or the `next` of the special before. */
export type Splice = number;

/** Offset of the word that links to the special after `s`. */
export function nextAt(s: Special): Splice {
  return s;
}

export const finalizerLayout = new Layout("specialfinalizer", 56);
specialFields(finalizerLayout);
/** The function to call; may lie in the heap. */
export const [fn, setFn] = finalizerLayout.addr("fn");
/** Bytes that it returns. */
export const [nret, setNret] = finalizerLayout.uptr("nret");
/** Type of its argument, and the type of the pointer to the object. */
export const [fint, setFint] = finalizerLayout.ptr<"type">("fint");
export const [ot, setOt] = finalizerLayout.ptr<"type">("ot");
finalizerLayout.seal();

export const cleanupLayout = new Layout("specialCleanup", 56);
specialFields(cleanupLayout);
/** Go's cleanupFn: how to call, what to call, with what. */
export const [cleanupCall, setCleanupCall] = cleanupLayout.addr("cleanup.call");
export const [cleanupFn, setCleanupFn] = cleanupLayout.addr("cleanup.fn");
export const [cleanupArg, setCleanupArg] = cleanupLayout.addr("cleanup.arg");
export const [cleanupId, setCleanupId] = cleanupLayout.i64("id");
cleanupLayout.seal();

export const weakHandleLayout = new Layout("specialWeakHandle", 32);
specialFields(weakHandleLayout);
/** An object of 16 bytes in the heap, the first word of which is the object's address until the object dies. */
export const [handle, setHandle] = weakHandleLayout.addr("handle");
weakHandleLayout.seal();

export const profileLayout = new Layout("specialprofile", 32);
specialFields(profileLayout);
/** The allocations of the same size from the same place. */
export const [bucket, setBucket] = profileLayout.ptr<"bucket">("b");
profileLayout.seal();

export const reachableLayout = new Layout("specialReachable", 32);
specialFields(reachableLayout);
export const [done, setDone] = reachableLayout.u8("done");
export const [reachable, setReachable] = reachableLayout.u8("reachable");
reachableLayout.seal();

export const pinCounterLayout = new Layout("specialPinCounter", 32);
specialFields(pinCounterLayout);
export const [counter, setCounter] = pinCounterLayout.uptr("counter");
pinCounterLayout.seal();

export const tinyBlockLayout = new Layout("specialTinyBlock", 24);
specialFields(tinyBlockLayout);
tinyBlockLayout.seal();

export const checkFinalizerLayout = new Layout("specialCheckFinalizer", 56);
specialFields(checkFinalizerLayout);
export const [checkCleanupID, setCheckCleanupID] = checkFinalizerLayout.i64("cleanupID");
checkFinalizerLayout.bytes("createPC", 24, 8); // createPC, funcPC, ptrType: for a report that is not made here
checkFinalizerLayout.seal();
