/**
 * Manual memory, as a cell uses it: a bump arena and a jemalloc-style allocator beside the Go heap, on the same simulated
 * operating system. Go's collector knows nothing of it: it neither frees what lies here nor looks into it for pointers.
 *
 * Like everything else they are bytes of the memory; the classes only hold offsets of records, check what a cell hands
 * in, and turn figures into plain data.
 */
import type { Memory } from "../memory/memory.ts";
import { type OsFigures, osFigures } from "../memory/os.ts";
import { Jemalloc, type JemallocOptions } from "./allocator.ts";
import { type ArenaOptions, BumpArena } from "./bumparena.ts";
import { parseAddress, type RawKind, type RawValue, readRaw, writeRaw } from "./raw.ts";

export type { OsFigures } from "../memory/os.ts";
export {
  type BinRow,
  type ExtentRow,
  Jemalloc,
  type JemallocFigures,
  type JemallocOptions,
  type LeakRow,
} from "./allocator.ts";
export { Block } from "./block.ts";
export { type ArenaChunk, type ArenaFigures, type ArenaOptions, BumpArena } from "./bumparena.ts";
export type { RawKind, RawValue } from "./raw.ts";
export type { SizeClass } from "./sizeclasses.ts";

/**
 * Manual memory of a process.
 * @zh 一个进程的手动内存。
 */
export class Offheap {
  readonly #m: Memory;

  /** Use `go.offheap`. */
  constructor(m: Memory) {
    this.#m = m;
  }

  /**
   * A bump arena: objects one behind the other, freed all at once.
   * @zh 一个 bump arena：对象依次排列，一次全部释放。
   * @throws {CellError} `offheap/option`
   * @example const arena = go.offheap.arena(); const block = arena.alloc(100);
   */
  arena(options: ArenaOptions = {}): BumpArena {
    return new BumpArena(this.#m, options);
  }

  /**
   * A jemalloc-style allocator.
   * @zh 一个 jemalloc 式分配器。
   * @throws {CellError} `offheap/option`
   * @example const je = go.offheap.jemalloc({ threads: 2 }); const block = je.malloc(100, "parser");
   */
  jemalloc(options: JemallocOptions = {}): Jemalloc {
    return new Jemalloc(this.#m, options);
  }

  /**
   * Reads at an address as C does through a pointer: nobody checks whether anything lives there.
   * @zh 像 C 通过指针那样读取某个地址：不检查那里是否还有活着的东西。
   * @throws {CellError} `offheap/fault` where no memory is
   */
  read(address: string, kind: RawKind): RawValue {
    return readRaw(this.#m, parseAddress(this.#m, address), kind);
  }

  /**
   * Writes at an address as C does through a pointer: nobody checks what that overwrites.
   * @zh 像 C 通过指针那样写入某个地址：不检查会覆盖什么。
   * @throws {CellError} `offheap/fault` where no memory is
   */
  write(address: string, kind: RawKind, value: unknown): void {
    writeRaw(this.#m, parseAddress(this.#m, address), kind, value);
  }

  /**
   * What the simulated operating system counts for the whole process: bytes with an address, usable, touched.
   * @zh 模拟操作系统对整个进程的统计：有地址的、可用的、真正碰过的字节数。
   */
  get os(): OsFigures {
    return osFigures(this.#m);
  }
}
