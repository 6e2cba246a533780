/**
 * Globals: Go's package variables, at fixed offsets above the window.
 *
 * Go's linker places them as it likes; here they stand in one record, so that equal programs give equal bytes.
 * Accessors of records give their offset; accessors of plain variables read and write them.
 *
 * Go 1.26: runtime/mheap.go (mheap_), runtime/malloc.go (zerobase, globalAlloc, persistentChunks, heapRandSeed),
 * runtime/mcache.go (emptymspan), runtime/mgcpacer.go (gcController), runtime/mgcsweep.go (sweep), runtime/mgc.go
 * (work, gcphase, writeBarrier), runtime/mstats.go (memstats), runtime/proc.go (sched, allp, gomaxprocs, mcache0),
 * runtime/mgcscavenge.go (scavenge, scavenger), runtime/mgclimit.go (gcCPULimiter).
 * Differs: allp is an array of 256 Ps, not a slice of pointers to Ps on the heap; the list shows Ps as their records.
 * Differs: the clock is a variable.
 */
import { Layout } from "../memory/layout.ts";
import { DATA_BYTES, type Memory, type Ptr } from "../memory/memory.ts";
import * as gcbits from "./gcbits.ts";
import * as gcControllerRecord from "./gcController.ts";
import * as gsched from "./gsched.ts";
import { numStackOrders } from "./mcache.ts";
import * as memstatsRecord from "./memstats.ts";
import * as mfinal from "./mfinal.ts";
import * as scavengeRecord from "./mgcscavenge.ts";
import * as mheapRecord from "./mheap.ts";
import * as mprofRecord from "./mprof.ts";
import * as mspan from "./mspan.ts";
import * as mspanset from "./mspanset.ts";
import type { P } from "./runtime2.ts";
import * as runtime2 from "./runtime2.ts";
import * as stackRecord from "./stack.ts";
import * as sweepRecord from "./sweep.ts";
import * as symtab from "./symtab.ts";
import * as typeRecord from "./type.ts";
import * as workRecord from "./work.ts";

/** Most Ps that a process can have. */
export const maxProcs = 256;

/** Bytes for a program's own global variables. */
export const dataBytes = 8192;

export const globalAllocLayout = new Layout("globalAlloc", 24);
/** Offset of the lock word. Go: globalAlloc.mutex. */
export const globalAllocLock = globalAllocLayout.bytes("mutex", 8, 8);
export const globalAllocPersistent = globalAllocLayout.record("persistentAlloc", runtime2.persistentAllocLayout);
globalAllocLayout.seal();

export const layout = new Layout("globals");
const zerobaseAt = layout.bytes("zerobase", 8, 8);
const writeBarrierAt = layout.bytes("writeBarrier", 8, 8);
const [gcphaseOf, setGcphaseOf] = layout.u32("gcphase");
const [gomaxprocsOf, setGomaxprocsOf] = layout.u32("gomaxprocs");
const [mcache0Of, setMcache0Of] = layout.ptr<"mcache">("mcache0");
const [greenteaOf, setGreenteaOf] = layout.u32("goexperiment.GreenTeaGC");
const [randomizeHeapBaseOf, setRandomizeHeapBaseOf] = layout.u32("randomizeHeapBase");
const [madvdontneedOf, setMadvdontneedOf] = layout.u32("debug.madvdontneed");
const [invalidptrOf, setInvalidptrOf] = layout.u32("debug.invalidptr");
const [seedLoOf, setSeedLoOf, seedHiOf, setSeedHiOf] = layout.bits64("heapRandSeed");
const [seedBitsOf, setSeedBitsOf] = layout.uptr("heapRandSeedBitsRemaining");
const schedLockAt = layout.bytes("sched.lock", 8, 8);
const allpLockAt = layout.bytes("allpLock", 8, 8);
const globalAllocAt = layout.record("globalAlloc", globalAllocLayout);
const persistentChunksAt = layout.bytes("persistentChunks", 8, 8);
const spanSetBlockPoolAt = layout.record("spanSetBlockPool", mspanset.poolLayout);
const gcBitsArenasAt = layout.record("gcBitsArenas", gcbits.layout);
const sweepAt = layout.record("sweep", sweepRecord.layout);
const workAt = layout.record("work", workRecord.layout);
const gcControllerAt = layout.record("gcController", gcControllerRecord.layout);
const memstatsAt = layout.record("memstats", memstatsRecord.layout);
const emptymspanAt = layout.record("emptymspan", mspan.layout);
const mheapAt = layout.record("mheap_", mheapRecord.layout);
const scavengeAt = layout.record("scavenge", scavengeRecord.goalsLayout);
const scavengerAt = layout.record("scavenger", scavengeRecord.scavengerLayout);
const [limitingOf, setLimitingOf] = layout.u32a("gcCPULimiter.enabled");
const [clockOf, , addClockOf] = layout.i64a("clock");
const schedAt = layout.record("sched", gsched.layout);
const stackpoolAt = layout.record("stackpool", stackRecord.poolLayout, numStackOrders);
const stackLargeAt = layout.record("stackLarge", stackRecord.largeLayout);
const finalizersAt = layout.record("finalizers", mfinal.layout);
const mprofAt = layout.record("mprof", mprofRecord.layout);
const gTypeAt = layout.record("type:runtime.g", typeRecord.layout);
const gPtrTypeAt = layout.record("type:*runtime.g", typeRecord.layout);
const gMaskAt = layout.bytes("gcdata of runtime.g", 16, 8);
const pclntabAt = layout.record("pclntab", symtab.tableLayout);
const dataAt = layout.bytes("data", dataBytes, 8);
const gcdatamaskAt = layout.bytes("gcdatamask", dataBytes / 64, 8);
const [edataOf, setEdataOf] = layout.uptr("edata");
const allpAt = layout.record("allp", runtime2.layout, maxProcs);
const [adviseUnusedOf, setAdviseUnusedOf] = layout.u32("adviseUnused");
layout.seal();
if (layout.size > DATA_BYTES) throw new Error(`the globals have ${layout.size} bytes, ${DATA_BYTES} are set aside`);

/** Offset of the 8 bytes that every object of size 0 stands for. */
export function zerobase(m: Memory): number {
  return zerobaseAt(m.data);
}

export function mheap_(m: Memory): mheapRecord.MHeap {
  return mheapAt(m.data);
}

export function gcController(m: Memory): Ptr<"gcController"> {
  return gcControllerAt(m.data);
}

export function sweep(m: Memory): Ptr<"sweepdata"> {
  return sweepAt(m.data);
}

export function work(m: Memory): Ptr<"work"> {
  return workAt(m.data);
}

export function memstats(m: Memory): Ptr<"mstats"> {
  return memstatsAt(m.data);
}

export function gcBitsArenas(m: Memory): Ptr<"gcBitsArenas"> {
  return gcBitsArenasAt(m.data);
}

export function spanSetBlockPool(m: Memory): Ptr<"spanSetBlockAlloc"> {
  return spanSetBlockPoolAt(m.data);
}

export function globalAlloc(m: Memory): Ptr<"globalAlloc"> {
  return globalAllocAt(m.data);
}

/** The span that stands in an mcache where there is none: no slots, all of them taken. */
export function emptymspan(m: Memory): mspan.MSpan {
  return emptymspanAt(m.data);
}

/** True when spans of 16..512-byte slots keep their mark bits inside. Go: goexperiment.GreenTeaGC, of the build. */
export function greentea(m: Memory): boolean {
  return greenteaOf(m, m.data) !== 0;
}

export function setGreentea(m: Memory, on: boolean): void {
  setGreenteaOf(m, m.data, on ? 1 : 0);
}

/** P number `i`, whether it was ever made or not. */
export function allp(m: Memory, i: number): P {
  return allpAt(m.data, i);
}

/** Number of Ps that run. */
export function gomaxprocs(m: Memory): number {
  return gomaxprocsOf(m, m.data);
}

export function setGomaxprocs(m: Memory, n: number): void {
  setGomaxprocsOf(m, m.data, n);
}

/** Offset of the word that links all chunks of memory that are never freed; the first word of each is the next. */
export function persistentChunks(m: Memory): number {
  return persistentChunksAt(m.data);
}

/** Offset of the word that is not 0 while pointer writes must be told to the collector. */
export function writeBarrier(m: Memory): number {
  return writeBarrierAt(m.data);
}

/** True while pointer writes must be told to the collector. Written only while the world is stopped. */
export function writeBarrierEnabled(m: Memory): boolean {
  return m.i32[writeBarrierAt(m.data) >> 2] !== 0;
}

/** What the collector does: 0 nothing or sweeping, 1 marking, 2 ending the marking. */
export function gcphase(m: Memory): number {
  return gcphaseOf(m, m.data);
}

export function setGcphase(m: Memory, phase: number): void {
  setGcphaseOf(m, m.data, phase);
}

/** The mcache of the time before there is a P. */
export function mcache0(m: Memory): Ptr<"mcache"> {
  return mcache0Of(m, m.data);
}

export function setMcache0(m: Memory, c: Ptr<"mcache">): void {
  setMcache0Of(m, m.data, c);
}

/** True when the heap's base address was drawn. Go: randomizeHeapBase, a constant of the build. */
export function randomizeHeapBase(m: Memory): boolean {
  return randomizeHeapBaseOf(m, m.data) !== 0;
}

export function setRandomizeHeapBase(m: Memory, on: boolean): void {
  setRandomizeHeapBaseOf(m, m.data, on ? 1 : 0);
}

/** What the kernel is advised about memory that is not needed: runtime/mem.ts. */
export function adviseUnused(m: Memory): number {
  return adviseUnusedOf(m, m.data);
}

export function setAdviseUnused(m: Memory, v: number): void {
  setAdviseUnusedOf(m, m.data, v);
}

/** 1: memory given back to the operating system comes back as zeroes; 0: it may keep its bytes. Go: GODEBUG. */
export function madvdontneed(m: Memory): number {
  return madvdontneedOf(m, m.data);
}

export function setMadvdontneed(m: Memory, v: number): void {
  setMadvdontneedOf(m, m.data, v);
}

/** True when a pointer to where no object can lie ends the program. Go: GODEBUG=invalidptr=0 lets it pass. */
export function invalidptr(m: Memory): boolean {
  return invalidptrOf(m, m.data) !== 0;
}

export function setInvalidptr(m: Memory, on: boolean): void {
  setInvalidptrOf(m, m.data, on ? 1 : 0);
}

export function heapRandSeedLo(m: Memory): number {
  return seedLoOf(m, m.data);
}

export function heapRandSeedHi(m: Memory): number {
  return seedHiOf(m, m.data);
}

export function setHeapRandSeed(m: Memory, lo: number, hi: number): void {
  setSeedLoOf(m, m.data, lo);
  setSeedHiOf(m, m.data, hi);
}

export function heapRandSeedBitsRemaining(m: Memory): number {
  return seedBitsOf(m, m.data);
}

export function setHeapRandSeedBitsRemaining(m: Memory, n: number): void {
  setSeedBitsOf(m, m.data, n);
}

/** The goals of scavenging. */
export function scavenge(m: Memory): Ptr<"scavenge"> {
  return scavengeAt(m.data);
}

/** The background scavenger. */
export function scavenger(m: Memory): scavengeRecord.Scavenger {
  return scavengerAt(m.data);
}

/** True while the collector may not use more processor time: then nobody has to help. Go: gcCPULimiter.limiting. */
export function gcCPULimiterLimiting(m: Memory): boolean {
  return limitingOf(m, m.data) !== 0;
}

export function setGcCPULimiterLimiting(m: Memory, on: boolean): void {
  setLimitingOf(m, m.data, on ? 1 : 0);
}

/** Nanoseconds since the process began, on its own clock. */
export function clock(m: Memory): number {
  return clockOf(m, m.data);
}

/** Lets time pass. */
export function addClock(m: Memory, ns: number): void {
  addClockOf(m, m.data, ns);
}

/** Offset of the scheduler's lock word. */
export function schedLock(m: Memory): number {
  return schedLockAt(m.data);
}

/** Offset of the lock word that guards the number of Ps. */
export function allpLock(m: Memory): number {
  return allpLockAt(m.data);
}

/** What the scheduler keeps about goroutines. */
export function sched(m: Memory): gsched.Sched {
  return schedAt(m.data);
}

/** Spans that stacks of 2048 << `order` bytes are cut from. */
export function stackpool(m: Memory, order: number): Ptr<"stackpoolItem"> {
  return stackpoolAt(m.data, order);
}

/** Stacks of 32 KiB and more that were freed while a collection marks. */
export function stackLarge(m: Memory): Ptr<"stackLarge"> {
  return stackLargeAt(m.data);
}

/** The queues of finalizers and of cleanups. */
export function finalizers(m: Memory): Ptr<"finalizers"> {
  return finalizersAt(m.data);
}

/** The heap profile. */
export function mprof(m: Memory): Ptr<"mprof"> {
  return mprofAt(m.data);
}

/** Descriptor of the type g, of *g, and offset of their masks. */
export function gType(m: Memory): typeRecord.Type {
  return gTypeAt(m.data);
}

export function gPtrType(m: Memory): typeRecord.Type {
  return gPtrTypeAt(m.data);
}

export function gMask(m: Memory): number {
  return gMaskAt(m.data);
}

/** The tables of functions. */
export function pclntab(m: Memory): Ptr<"pclntab"> {
  return pclntabAt(m.data);
}

/** Offset of the program's global variables, and of the mask of those that hold pointers: bit i is word i. */
export function data(m: Memory): number {
  return dataAt(m.data);
}

export function gcdatamask(m: Memory): number {
  return gcdatamaskAt(m.data);
}

/** Bytes of global variables that are in use. */
export function edata(m: Memory): number {
  return edataOf(m, m.data);
}

export function setEdata(m: Memory, n: number): void {
  setEdataOf(m, m.data, n);
}
