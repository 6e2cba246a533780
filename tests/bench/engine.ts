/**
 * B2 on the engine: a program of its own, so that it can take turns with real Go.
 *
 *   node BUNDLE flat|readable WINDOWS [WORKLOAD …]
 *
 * Prints `name nanoseconds` for each workload: the least of all windows but the first.
 */
import { array, type GoType, pointer, struct, uint8, uint64 } from "../../engine/index.ts";
import { storePointer } from "../../engine/memory/address.ts";
import { Memory } from "../../engine/memory/memory.ts";
import { writeDescriptor } from "../../engine/process/descriptors.ts";
import { mheap_, zerobase } from "../../engine/records/globals.ts";
import * as mheap from "../../engine/records/mheap.ts";
import { mallocgc } from "../../engine/runtime/malloc.ts";
import { gcBeginCycle, gcEndMarking, sweepAll } from "../../engine/runtime/mgc.ts";
import { freeSpan, mheapAlloc } from "../../engine/runtime/mheap.ts";
import { pageAllocAlloc, pageAllocFree } from "../../engine/runtime/mpagealloc.ts";
import { schedinit } from "../../engine/runtime/proc.ts";
import { PAGES, pagesPerWindow, REFERENCE, type Workload, windowBytes, workloads } from "./workloads.ts";

function boot(windowBytes = 128 << 20): Memory {
  const m = new Memory({ windowBytes });
  schedinit(m, {});
  return m;
}

/** The least time that a run takes, in nanoseconds. `between` is not counted. */
function least(windows: number, run: () => void, between: () => void): number {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < windows; i++) {
    const start = process.hrtime.bigint();
    run();
    const ns = Number(process.hrtime.bigint() - start);
    if (i > 0 && ns < best) best = ns;
    between();
  }
  return best;
}

function objects(w: Workload, windows: number): number {
  const m = boot();
  const n = windowBytes / w.size;
  const typ = w.scan ? writeDescriptor(m, scanType(w.size)) : 0;
  const run = () => fill(m, w.size, typ, n);
  return least(windows, run, () => sweepNothingLive(m)) / n;
}

/** A pointer, and numbers up to `size` bytes. */
function scanType(size: number): GoType {
  return size === 8 ? pointer(uint8) : struct({ p: pointer(uint8), rest: array(size / 8 - 1, uint64) });
}

function fill(m: Memory, size: number, typ: number, n: number): void {
  const global = zerobase(m);
  for (let i = 0; i < n; i++) storePointer(m, global, mallocgc(m, size, typ, true));
}

function sweepNothingLive(m: Memory): void {
  gcBeginCycle(m);
  gcEndMarking(m);
  sweepAll(m);
}

function pages(windows: number): number {
  const m = boot();
  const p = mheap.pages(mheap_(m));
  freeSpan(m, mheapAlloc(m, 8192, 1)); // so that there are pages to find
  const at = new Int32Array(pagesPerWindow);
  const run = () => {
    for (let i = 0; i < at.length; i++) at[i] = pageAllocAlloc(m, p, 1);
    for (let i = 0; i < at.length; i++) pageAllocFree(m, p, at[i], 1);
  };
  return least(windows, run, () => {}) / pagesPerWindow;
}

/**
 * A search that must pass by the whole heap: every page is in use but single ones here and there, and four at the end
 * are what is asked for.
 *
 * @param npages pages of the heap
 * @returns nanoseconds to find the four and give them back
 */
function search(npages: number, windows: number): number {
  const m = boot(1 << 30);
  const p = mheap.pages(mheap_(m));
  freeSpan(m, mheapAlloc(m, npages, 1));
  const first = pageAllocAlloc(m, p, npages);
  for (let i = 0; i < npages - 4; i += 61) pageAllocFree(m, p, first + i * 8192, 1);
  const end = first + (npages - 4) * 8192;
  pageAllocFree(m, p, end, 4);
  const n = 2000;
  const run = () => {
    for (let i = 0; i < n; i++) {
      const off = pageAllocAlloc(m, p, 4);
      if (off !== end) throw new Error(`four free pages were found at ${off}, not at ${end}`);
      pageAllocFree(m, p, off, 4);
    }
  };
  return least(windows, run, () => {}) / n;
}

/** Pairs of words read, compared, added to and written: nanoseconds of one pair. It must never change. */
function reference(windows: number): number {
  const words = new Int32Array(1 << 14);
  for (let i = 0; i < words.length; i += 2) words[i + 1] = 0xc0;
  let sum = 0;
  const run = () => {
    for (let k = 0; k < 100; k++) {
      for (let i = 0; i < words.length; i += 2) {
        if (words[i + 1] !== 0xc0) continue;
        sum = (sum + words[i]) | 0;
        words[i] = (words[i] + 8) | 0;
        words[i + 1] = 0xc0;
      }
    }
  };
  return least(windows, run, () => {}) / (100 * (words.length / 2)) + (sum === 1 ? 1e-9 : 0);
}

const [build, windowsText, ...only] = process.argv.slice(2);
const windows = Number(windowsText);
const wants = (name: string) => only.length === 0 || only.includes(name);
const print = (name: string, ns: number) => console.log(`${name} ${ns.toFixed(3)}`);

if (wants(REFERENCE)) print(REFERENCE, reference(windows));
for (const w of workloads) if (wants(w.name)) print(w.name, objects(w, windows));
if (wants(PAGES)) print(PAGES, pages(windows));
if (build === "flat" && wants("search")) {
  print("search-32MiB", search(4096, windows));
  print("search-512MiB", search(65536, windows));
}
