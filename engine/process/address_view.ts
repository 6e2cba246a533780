/** Addresses as plain data: which arena, chunk and page one lies in; what lies where in the process. */
import { addressOf, formatAddress, offsetOf } from "../memory/address.ts";
import { CellError } from "../memory/errors.ts";
import type { Memory } from "../memory/memory.ts";
import { OS_NONE, OS_RESERVED, osEnd, osState } from "../memory/os.ts";
import { data, dataBytes, mheap_ } from "../records/globals.ts";
import * as mheap from "../records/mheap.ts";
import * as mspan from "../records/mspan.ts";
import { arenaBase, arenaIndexOf, maxAlloc, pageSize, pallocChunkBytes } from "../records/sizes.ts";
import { arenaAt } from "../runtime/mheap.ts";
import { chunkIndex } from "../runtime/mpagealloc.ts";

/**
 * Where an address lies, by arithmetic alone; nothing need be there.
 * @zh 一个地址落在哪里，纯粹由算术得出；那里不一定有东西。
 */
export interface ArenaView {
  /** The address. @zh 地址。 */
  readonly address: string;
  /** arenaIdx: number of its arena of 64 MiB, counted from -2^47. @zh arenaIdx：所在 64 MiB arena 的编号，从 -2^47 数起。 */
  readonly arena: number;
  /** First level of the map of arenas: always 0 on linux/amd64. @zh arena 映射的第一级：linux/amd64 上恒为 0。 */
  readonly l1: number;
  /** Second level of the map of arenas. @zh arena 映射的第二级。 */
  readonly l2: number;
  /** True when the heap has this arena. @zh 堆里有这个 arena 时为真。 */
  readonly isMapped: boolean;
  /** Address of the arena's first byte. @zh arena 第一个字节的地址。 */
  readonly arenaBase: string;
  /** Page in the arena, 0 to 8191. @zh arena 内的页号，0 到 8191。 */
  readonly page: number;
  /** Byte in the page. @zh 页内偏移。 */
  readonly pageOffset: number;
  /** chunkIdx: number of its chunk of 4 MiB. @zh chunkIdx：所在 4 MiB chunk 的编号。 */
  readonly chunk: number;
  /** Page in the chunk, 0 to 511. @zh chunk 内的页号，0 到 511。 */
  readonly chunkPage: number;
}

/**
 * A stretch of the process's address space.
 * @zh 进程地址空间里的一段。
 */
export interface Segment {
  /**
   * `data`: the runtime's and the program's global variables; `runtime`: memory that the runtime takes for itself;
   * `heap`: spans of objects and free pages; `stack`: spans of stacks and work buffers; `reserved`: an address and
   * nothing else.
   * @zh `data`：运行时和程序的全局变量；`runtime`：运行时自用的内存；`heap`：对象的 span 和空闲页；`stack`：栈和标记工作缓冲的
   * span；`reserved`：只有地址，别无其他。
   */
  readonly kind: "data" | "runtime" | "heap" | "stack" | "reserved";
  /** What it is, in Go's words. @zh 它是什么，用 Go 的名字。 */
  readonly name: string;
  /** Address of its first byte. @zh 第一个字节的地址。 */
  readonly from: string;
  /** Address behind its last byte. @zh 最后一个字节之后的地址。 */
  readonly to: string;
  /** Bytes. @zh 字节数。 */
  readonly bytes: number;
}

/** Reads an address as Go prints it. @throws {CellError} `cell/address` */
export function parseAddress(text: unknown): number {
  const addr = typeof text === "string" && /^0x[0-9a-f]{1,12}$/i.test(text) ? Number.parseInt(text, 16) : Number.NaN;
  if (addr >= 0 && addr < maxAlloc) return addr;
  const given = String(text);
  throw new CellError("cell/address", `${given} is no address: write it like 0xc000012340`, { given });
}

export function arenaView(m: Memory, addr: number): ArenaView {
  const signed = addr >= maxAlloc / 2 ? addr - maxAlloc : addr;
  const arena = arenaIndexOf(signed);
  const base = arenaBase(arena);
  const inArena = signed - base;
  return {
    address: formatAddress(addr),
    arena,
    l1: 0,
    l2: arena,
    isMapped: arenaAt(m, arena) !== 0,
    arenaBase: formatAddress(base < 0 ? base + maxAlloc : base),
    page: Math.floor(inArena / pageSize),
    pageOffset: inArena % pageSize,
    chunk: chunkIndex(signed),
    chunkPage: Math.floor((inArena % pallocChunkBytes) / pageSize),
  };
}

/** The process's address space, lowest address first. Takes time in proportion to the window. */
export function segmentsView(m: Memory): Segment[] {
  const rows: Segment[] = [];
  const add = (kind: Segment["kind"], name: string, off: number, bytes: number) => {
    const from = addressOf(m, off);
    rows.push({ kind, name, from: formatAddress(from), to: formatAddress(from + bytes), bytes });
  };
  add("data", "runtime: mheap_, gcController, sched …", m.data, data(m) - m.data);
  add("data", "the program's globals", data(m), dataBytes);
  add("runtime", "persistentalloc, fixalloc, summaries, heapArena", m.meta, osEnd(m) - m.meta);
  const manual = manualSpans(m);
  let from = 0;
  let kind = windowKind(m, 0);
  for (let off = 0; off <= m.windowBytes; off += pageSize) {
    const next = off === m.windowBytes ? null : (manual.get(off >>> 13) ?? windowKind(m, off));
    if (next === kind) continue;
    if (kind !== null) add(kind, windowNames[kind], from, off - from);
    [from, kind] = [off, next];
  }
  return rows;
}

const windowNames = { heap: "heap arenas", stack: "mSpanManual", reserved: "reserved for the heap" } as const;
type WindowKind = keyof typeof windowNames;

function windowKind(m: Memory, off: number): WindowKind | null {
  const state = osState(m, off);
  if (state === OS_NONE) return null;
  return state === OS_RESERVED ? "reserved" : "heap";
}

/** Pages of the window that hold stacks or work buffers. */
function manualSpans(m: Memory): Map<number, "stack"> {
  const pages = new Map<number, "stack">();
  const h = mheap_(m);
  const list = (mheap.allspans(m, h) as number) >> 2;
  for (let i = 0; i < mheap.allspansLen(m, h); i++) {
    const s: mspan.MSpan = m.i32[list + 2 * i];
    if (mspan.state(m, s) !== mspan.mSpanManual) continue;
    const first = mspan.startAddr(m, s) >>> 13;
    for (let p = first; p < first + mspan.npages(m, s); p++) pages.set(p, "stack");
  }
  return pages;
}

/** The offset of an address of the heap's window. @throws {CellError} `cell/address` */
export function heapOffset(m: Memory, text: unknown): number {
  const off = offsetOf(m, parseAddress(text));
  if (off !== undefined && off >= 0 && off < m.windowBytes) return off;
  const given = String(text);
  throw new CellError("cell/address", `${given} lies outside of this process's heap`, { given });
}
