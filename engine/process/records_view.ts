/** The runtime's own records as rows: how many there are, and what they cost outside of the heap. */
import type { Memory } from "../memory/memory.ts";
import * as globals from "../records/globals.ts";
import * as heaparena from "../records/heaparena.ts";
import * as mcentral from "../records/mcentral.ts";
import * as mfixalloc from "../records/mfixalloc.ts";
import * as mheap from "../records/mheap.ts";
import * as runtime2 from "../records/runtime2.ts";

/**
 * A kind of record that the runtime keeps for itself.
 * @zh 运行时自己用的一种记录。
 */
export interface RuntimeRecord {
  /** Its type in Go's source. @zh 在 Go 源码里的类型。 */
  readonly name: string;
  /** Bytes of one. @zh 每个多少字节。 */
  readonly bytes: number;
  /** How many are in use. @zh 正在使用的个数。 */
  readonly count: number;
  /** Bytes of all of them. @zh 合计字节数。 */
  readonly total: number;
  /**
   * Where they come from: `fixalloc`, `persistentalloc`, or `data` for what stands among the globals. A p is data in
   * this engine only: in Go it lies in the heap.
   * @zh 来自哪里：`fixalloc`、`persistentalloc`，或 `data`（在全局变量区）。只有本引擎里 p 在 data；在 Go 里它在堆上。
   */
  readonly from: "fixalloc" | "persistentalloc" | "data";
}

const fixed = [
  ["mspan", mheap.spanalloc],
  ["mcache", mheap.cachealloc],
  ["arenaHint", mheap.arenaHintAlloc],
  ["specialfinalizer", mheap.specialfinalizeralloc],
  ["specialCleanup", mheap.specialCleanupAlloc],
  ["specialprofile", mheap.specialprofilealloc],
  ["specialWeakHandle", mheap.specialWeakHandleAlloc],
] as const;

/** Kinds of which there is none are left out. */
export function recordsView(m: Memory): RuntimeRecord[] {
  const h = globals.mheap_(m);
  const rows: RuntimeRecord[] = [];
  const add = (name: string, bytes: number, count: number, from: RuntimeRecord["from"]) => {
    if (count > 0) rows.push({ name, bytes, count, total: bytes * count, from });
  };
  for (const [name, field] of fixed) {
    const f = field(h) as mfixalloc.FixAlloc;
    const bytes = mfixalloc.size(m, f);
    add(name, bytes, bytes === 0 ? 0 : mfixalloc.inuse(m, f) / bytes, "fixalloc");
  }
  add("heapArena", heaparena.layout.size, mheap.heapArenasLen(m, h), "persistentalloc");
  add("mcentral", mcentral.paddedLayout.size, 136, "data");
  add("p", runtime2.layout.size, globals.gomaxprocs(m), "data");
  return rows;
}
