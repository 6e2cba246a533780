/**
 * mSpanList: spans that are managed by hand, doubly linked; a span stands in one list at most and knows which.
 *
 * Go 1.26: runtime/mheap.go (mSpanList).
 */
import { throwFatal } from "../memory/fatal.ts";
import type { Memory } from "../memory/memory.ts";
import type { MSpan } from "../records/mspan.ts";
import * as mspan from "../records/mspan.ts";
import type { MSpanList } from "../records/stack.ts";
import { first, last, setFirst, setLast } from "../records/stack.ts";

export function spanListIsEmpty(m: Memory, list: MSpanList): boolean {
  return first(m, list) === 0;
}

/** Takes a span out of the list that it stands in. */
export function spanListRemove(m: Memory, list: MSpanList, s: MSpan): void {
  if (mspan.list(m, s) !== list) throwFatal("mSpanList.remove");
  const prev = mspan.prev(m, s);
  const next = mspan.next(m, s);
  if (first(m, list) === s) setFirst(m, list, next);
  else mspan.setNext(m, prev, next);
  if (last(m, list) === s) setLast(m, list, prev);
  else mspan.setPrev(m, next, prev);
  mspan.setNext(m, s, 0);
  mspan.setPrev(m, s, 0);
  mspan.setList(m, s, 0);
}

function mustBeUnlinked(m: Memory, s: MSpan, what: string): void {
  if (mspan.next(m, s) !== 0 || mspan.prev(m, s) !== 0 || mspan.list(m, s) !== 0) throwFatal(what);
}

/** Puts a span in front. */
export function spanListInsert(m: Memory, list: MSpanList, s: MSpan): void {
  mustBeUnlinked(m, s, "mSpanList.insert");
  const head = first(m, list);
  mspan.setNext(m, s, head);
  if (head !== 0) mspan.setPrev(m, head, s);
  else setLast(m, list, s);
  setFirst(m, list, s);
  mspan.setList(m, s, list);
}

/** Puts a span at the end. */
export function spanListInsertBack(m: Memory, list: MSpanList, s: MSpan): void {
  mustBeUnlinked(m, s, "mSpanList.insertBack");
  const tail = last(m, list);
  mspan.setPrev(m, s, tail);
  if (tail !== 0) mspan.setNext(m, tail, s);
  else setFirst(m, list, s);
  setLast(m, list, s);
  mspan.setList(m, s, list);
}

/** Moves all spans of `other` in front of those of `list`. */
export function spanListTakeAll(m: Memory, list: MSpanList, other: MSpanList): void {
  if (spanListIsEmpty(m, other)) return;
  for (let s = first(m, other); s !== 0; s = mspan.next(m, s)) mspan.setList(m, s, list);
  if (spanListIsEmpty(m, list)) {
    setLast(m, list, last(m, other));
  } else {
    mspan.setNext(m, last(m, other), first(m, list));
    mspan.setPrev(m, first(m, list), last(m, other));
  }
  setFirst(m, list, first(m, other));
  setFirst(m, other, 0);
  setLast(m, other, 0);
}
