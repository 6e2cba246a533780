/**
 * The simulated operating system: address space for the heap, and memory for what the runtime keeps about it.
 *
 * Two places, as the buffer has them. The window holds the heap: every 4 KiB of it is in one of four states, and Go
 * moves pieces of it between them. Above the globals lies everything else, cut from one end and never moved.
 *
 *   None ──reserve──> Reserved ──prepare──> Prepared ──commit──> Ready        Reserved: an address, no memory
 *    ^                   │                     ^                   │          Prepared: memory on first touch
 *    └─────unmap─────────┘                     └──────release──────┘          Ready: in use; released bytes are zeroes
 *
 * A real kernel grants nearly every address that Go asks for. Here only the window exists: what lies outside of it is
 * refused, so the heap runs out of memory where a real one would go on. `osAdvice` says which option helps.
 * Tests (and cells that show it) can declare addresses taken: `refuseHints`, `answerAt`, `refuseAll`. `failCalls` lets
 * the n-th call of a kind fail for want of memory, which a real kernel may do at any time.
 *
 * Three figures, as `ps` and /proc would show them: virtual (all that has an address), committed (what may be touched),
 * resident (what was touched: 4 KiB pages that hold anything but zeroes. A real kernel also counts a page in which
 * only zeroes were written).
 *
 * Threads may call at the same time: a lock of its own guards the figures, the space above the globals and the states of
 * pages that nobody has. The states of pages that a caller has are his, and so is what he asks to be cleared.
 *
 * Not in Go: it stands for the kernel behind runtime/mem_linux.go.
 */
import { lockShared, unlockShared } from "./atomics.ts";
import { Fatal } from "./fatal.ts";
import { Layout } from "./layout.ts";
import type { Memory } from "./memory.ts";

/** Page of the operating system, in bytes. */
export const OS_PAGE_BYTES = 4096;

/** States of a page of the window. */
export const OS_NONE = 0;
export const OS_RESERVED = 1;
export const OS_PREPARED = 2;
export const OS_READY = 3;

/** Kinds of calls that can fail. A commit fails only where released memory loses its mapping (GODEBUG=harddecommit). */
export const CALL_RESERVE = 1;
export const CALL_PREPARE = 2;
export const CALL_COMMIT = 3;
export const CALL_ALLOC = 4;
/** Advice that memory is not needed: a kernel may be built without it. */
export const CALL_ADVISE = 5;

const MIB = 1024 * 1024;

export const layout = new Layout("os");
/** First byte above the window that nobody has. */
const [brk, setBrk] = layout.uptr("brk");
/** Bytes with an address, and bytes that may be touched. */
const [virtualOf, setVirtualOf] = layout.i64("virtual");
const [committedOf, setCommittedOf] = layout.i64("committed");
/** How many reservations at a wanted address will still be refused. */
const [hintsRefused, setHintsRefused] = layout.u32("hintsRefused");
/** Not 0: reservations anywhere are refused, too. */
const [allRefused, setAllRefused] = layout.u32("allRefused");
/** Where the next reservation anywhere will be: an offset plus 1; 0: the lowest free place. */
const [answer, setAnswer] = layout.uptr("answer");
/** Bytes of the last reservation that was refused because the window ends. */
const [lacking, setLacking] = layout.i64("lacking");
/** Pages of 4 KiB that were put to use when they had no memory: each costs a page fault. */
const [faultsOf, setFaultsOf] = layout.i64("faults");
/** The kind of call that is watched, or 0; how many there were; how many still pass, and how many fail after them. */
const [watched, setWatched] = layout.u32("watched");
const [callsOf, setCallsOf] = layout.u32("calls");
const [passing, setPassing] = layout.u32("passing");
const [failing, setFailing] = layout.u32("failing");
/** Offset of the lock word. It is the kernel's, not Go's: no list of locks taken has it. */
const lockAt = layout.bytes("lock", 8, 8);
layout.seal();

/** The record lies at the start of the space above the globals; the states of the window's pages behind it. */
function os(m: Memory): number {
  return m.meta;
}

function stateAt(m: Memory, off: number): number {
  return m.meta + 4096 + off / OS_PAGE_BYTES;
}

/** Keeps other threads out until `leave`. */
function enter(m: Memory): void {
  if (m.isShared) lockShared(m, lockAt(os(m)));
}

function leave(m: Memory): void {
  if (m.isShared) unlockShared(m, lockAt(os(m)));
}

function roundUp(n: number): number {
  return Math.ceil(n / OS_PAGE_BYTES) * OS_PAGE_BYTES;
}

/** Boots the operating system of a fresh buffer. */
export function osInit(m: Memory): void {
  setBrk(m, os(m), roundUp(stateAt(m, m.windowBytes)));
}

/** Lets the next `count` reservations at a wanted address fail, as if somebody else had been there first. */
export function refuseHints(m: Memory, count: number): void {
  setHintsRefused(m, os(m), count);
}

/** Refuses every further reservation (`true`), or none. */
export function refuseAll(m: Memory, on: boolean): void {
  setAllRefused(m, os(m), on ? 1 : 0);
}

/** Lets the next reservation anywhere be granted at this offset. @param off a multiple of 4 KiB */
export function answerAt(m: Memory, off: number): void {
  setAnswer(m, os(m), off + 1);
}

/**
 * Watches the calls of one kind from now on, and lets call number `n` of them fail. It may be said before the process
 * is booted.
 *
 * @param kind  one of CALL_…; 0 to watch nothing
 * @param n     from 1; 0 to count only
 * @param count how many fail from the n-th on
 */
export function failCalls(m: Memory, kind: number, n: number, count = 1): void {
  setWatched(m, os(m), kind);
  setCallsOf(m, os(m), 0);
  setPassing(m, os(m), n === 0 ? 0 : n - 1);
  setFailing(m, os(m), n === 0 ? 0 : count);
}

/** Calls of the watched kind since `failCalls`. */
export function watchedCalls(m: Memory): number {
  return callsOf(m, os(m));
}

/** True when this call, of this kind, is one that has to fail. The caller has entered. */
function fails(m: Memory, kind: number): boolean {
  if (watched(m, os(m)) !== kind) return false;
  setCallsOf(m, os(m), callsOf(m, os(m)) + 1);
  if (failing(m, os(m)) === 0) return false;
  if (passing(m, os(m)) !== 0) {
    setPassing(m, os(m), passing(m, os(m)) - 1);
    return false;
  }
  setFailing(m, os(m), failing(m, os(m)) - 1);
  return true;
}

/** What the simulated operating system counts. @zh 模拟操作系统的统计。 */
export interface OsFigures {
  /** Bytes that have an address. @zh 有地址的字节数。 */
  readonly virtual: number;
  /** Bytes that may be touched. @zh 可以访问的字节数。 */
  readonly committed: number;
  /** Bytes of the pages that hold anything but zeroes. @zh 内容不全为零的页的字节数。 */
  readonly resident: number;
  /** Page faults of the heap so far. @zh 堆累计的缺页次数。 */
  readonly faults: number;
}

/** Takes time in proportion to the memory: it looks at every committed byte. */
export function osFigures(m: Memory): OsFigures {
  const [virtual, committed, faults] = [virtualOf(m, os(m)), committedOf(m, os(m)), faultsOf(m, os(m))];
  return { virtual, committed, resident: residentBytes(m), faults };
}

function residentBytes(m: Memory): number {
  let pages = 0;
  for (let off = 0; off < m.windowBytes; off += OS_PAGE_BYTES) {
    if (m.u8[stateAt(m, off)] >= OS_PREPARED && !isZero(m, off)) pages++;
  }
  for (let off = roundUp(stateAt(m, m.windowBytes)); off < brk(m, os(m)); off += OS_PAGE_BYTES) {
    if (!isZero(m, off)) pages++;
  }
  return pages * OS_PAGE_BYTES;
}

function isZero(m: Memory, off: number): boolean {
  const end = (off + OS_PAGE_BYTES) >> 2;
  for (let i = off >> 2; i < end; i++) if (m.i32[i] !== 0) return false;
  return true;
}

/** State of the 4 KiB page of the window that holds `off`. */
export function osState(m: Memory, off: number): number {
  return m.u8[stateAt(m, off - (off % OS_PAGE_BYTES))];
}

/** First byte above the globals that nobody has. */
export function osEnd(m: Memory): number {
  return brk(m, os(m));
}

// The window.

/**
 * Reserves address space. Linux: mmap with PROT_NONE.
 *
 * @param addr wanted address, 0 for anywhere
 * @param n    bytes, a multiple of 4 KiB
 * @returns the address; 0 when there is none, or (Go would get another address and give it back) the wanted is taken
 */
export function osReserve(m: Memory, addr: number, n: number): number {
  enter(m);
  const got = reserve(m, addr, n);
  leave(m);
  return got;
}

function reserve(m: Memory, addr: number, n: number): number {
  if (allRefused(m, os(m)) !== 0 || fails(m, CALL_RESERVE)) return 0;
  if (addr !== 0 && (addr < 2 ** 32 || isRefused(m))) return 0; // the program itself lies below 4 GiB
  const off = addr === 0 ? place(m, n) : addr - m.heapBase;
  if (off < 0 || off + n > m.windowBytes) {
    setLacking(m, os(m), n);
    return 0;
  }
  if (!isState(m, off, n, OS_NONE)) return 0;
  fillState(m, off, n, OS_RESERVED);
  setVirtualOf(m, os(m), virtualOf(m, os(m)) + n);
  return m.heapBase + off;
}

function isRefused(m: Memory): boolean {
  const left = hintsRefused(m, os(m));
  if (left === 0) return false;
  setHintsRefused(m, os(m), left - 1);
  return true;
}

/** Offset of n free bytes: where `answerAt` said, else the lowest; past the window when there are none. */
function place(m: Memory, n: number): number {
  const wanted = answer(m, os(m));
  setAnswer(m, os(m), 0);
  if (wanted !== 0) return wanted - 1;
  let off = 0;
  while (off + n <= m.windowBytes && !isState(m, off, n, OS_NONE)) off += OS_PAGE_BYTES;
  return off;
}

/** What to do when memory has run out: a sentence for the program's writer, or undefined when nothing helps. */
export function osAdvice(m: Memory): string | undefined {
  const n = lacking(m, os(m));
  if (n === 0) return undefined;
  return (
    `the simulated machine has no room for ${n / MIB} MiB more: its heap is a window of ${m.windowBytes / MIB} MiB ` +
    `from 0x${m.heapBase.toString(16)}; raise windowBytes (at most 1024 MiB)`
  );
}

/** Gives address space back, whatever its state. Linux: munmap. */
export function osUnmap(m: Memory, addr: number, n: number): void {
  const off = addr - m.heapBase;
  zero(m, off, n);
  enter(m);
  for (let p = off; p < off + n; p += OS_PAGE_BYTES) {
    const state = m.u8[stateAt(m, p)];
    if (state !== OS_NONE) setVirtualOf(m, os(m), virtualOf(m, os(m)) - OS_PAGE_BYTES);
    if (state >= OS_PREPARED) addCommitted(m, -OS_PAGE_BYTES);
  }
  fillState(m, off, n, OS_NONE);
  leave(m);
}

/** Reserved → Prepared. Linux: mmap with PROT_READ|PROT_WRITE over the reservation. */
export function osPrepare(m: Memory, off: number, n: number): void {
  enter(m);
  try {
    if (fails(m, CALL_PREPARE)) throw new Fatal("runtime: out of memory");
    if (!isState(m, off, n, OS_RESERVED)) throw new Fatal("runtime: cannot map pages in arena address space");
    fillState(m, off, n, OS_PREPARED);
    addCommitted(m, n);
  } finally {
    leave(m);
  }
}

/** Prepared (or partly Ready already) → Ready. Linux: nothing to do. */
export function osCommit(m: Memory, off: number, n: number): void {
  let faults = 0;
  const end = stateAt(m, off + n);
  for (let i = stateAt(m, off); i < end; i++) if (m.u8[i] !== OS_READY) faults++;
  enter(m);
  const failed = fails(m, CALL_COMMIT);
  if (!failed) setFaultsOf(m, os(m), faultsOf(m, os(m)) + faults);
  leave(m);
  if (failed) throw new Fatal("runtime: out of memory");
  fillState(m, off, n, OS_READY);
}

/** Ready → Prepared. Linux: madvise. @param keep the kernel is in no hurry (MADV_FREE): the bytes stay for now */
export function osRelease(m: Memory, off: number, n: number, keep: boolean): void {
  if (!keep) zero(m, off, n);
  fillState(m, off, n, OS_PREPARED);
}

/** The same, where the kernel may refuse. @returns false when it takes no such advice: nothing has happened */
export function osAdvise(m: Memory, off: number, n: number, keep: boolean): boolean {
  if (fails(m, CALL_ADVISE)) return false;
  osRelease(m, off, n, keep);
  return true;
}

function isState(m: Memory, off: number, n: number, state: number): boolean {
  const end = stateAt(m, off + n);
  for (let i = stateAt(m, off); i < end; i++) if (m.u8[i] !== state) return false;
  return true;
}

function fillState(m: Memory, off: number, n: number, state: number): void {
  m.u8.fill(state, stateAt(m, off), stateAt(m, off + n));
}

function zero(m: Memory, off: number, n: number): void {
  m.u8.fill(0, off, off + n);
}

function addCommitted(m: Memory, n: number): void {
  setCommittedOf(m, os(m), committedOf(m, os(m)) + n);
}

// Above the globals.

/** None → Ready, anywhere. @returns an offset, a multiple of 4 KiB; 0 when the buffer is used up */
export function osAlloc(m: Memory, n: number): number {
  enter(m);
  const at = fails(m, CALL_ALLOC) ? 0 : cut(m, n, n);
  if (at !== 0) addCommitted(m, roundUp(n));
  leave(m);
  return at;
}

/**
 * None → Reserved, for an array that is addressed over all of Go's address space but used in a small part.
 *
 * @param n      bytes that Go reserves, counted as virtual
 * @param stored bytes that exist
 */
export function osReserveMeta(m: Memory, n: number, stored: number): number {
  enter(m);
  const at = fails(m, CALL_RESERVE) ? 0 : cut(m, n, stored);
  leave(m);
  return at;
}

function cut(m: Memory, n: number, stored: number): number {
  const at = brk(m, os(m));
  if (at + stored > m.buffer.byteLength) return 0;
  setBrk(m, os(m), at + roundUp(stored));
  setVirtualOf(m, os(m), virtualOf(m, os(m)) + roundUp(n));
  return at;
}

/** Reserved → Ready, for a part of such an array. */
export function osCommitMeta(m: Memory, n: number): void {
  enter(m);
  const failed = fails(m, CALL_PREPARE);
  if (!failed) addCommitted(m, n);
  leave(m);
  if (failed) throw new Fatal("runtime: out of memory");
}

/** Ready → None. The space is used again only when it was the last that was given out. */
export function osFree(m: Memory, at: number, n: number): void {
  zero(m, at, n);
  enter(m);
  addCommitted(m, -roundUp(n));
  setVirtualOf(m, os(m), virtualOf(m, os(m)) - roundUp(n));
  if (at + roundUp(n) === brk(m, os(m))) setBrk(m, os(m), at);
  leave(m);
}
