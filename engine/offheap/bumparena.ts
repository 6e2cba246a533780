/** The bump arena, as a cell holds it. */
import { addressOf, formatAddress } from "../memory/address.ts";
import { type Memory, NIL } from "../memory/memory.ts";
import { arenaAlloc, arenaCreate, arenaDestroy, arenaFree, arenaReset } from "./arena.ts";
import { Block, type Owner } from "./block.ts";
import { offheapError } from "./errors.ts";
import { badOption, checkSize, integerOption, outOfMemory } from "./options.ts";
import { pageBytes } from "./pages.ts";
import * as bump from "./records/arena.ts";

/**
 * How a bump arena is made.
 * @zh 如何建立一个 bump arena。
 */
export interface ArenaOptions {
  /**
   * Bytes of the first chunk, a multiple of 4096; default 65536. Later ones double, up to 1 MiB.
   * @zh 第一块的字节数，4096 的整数倍，默认 65536；之后逐块加倍，最多 1 MiB。
   */
  readonly chunkBytes?: number;
}

/**
 * What a bump arena holds; bytes, but for counts. mapped = requested + padding + tails + free.
 * @zh bump arena 的统计（除计数外都是字节）。mapped = requested + padding + tails + free。
 */
export interface ArenaFigures {
  /** Objects allocated since the last reset. @zh 上次重置以来分配的对象数。 */
  readonly objects: number;
  /** Chunks taken from the operating system. @zh 向操作系统要来的块数。 */
  readonly chunks: number;
  /** Bytes of all chunks. @zh 所有块的字节数。 */
  readonly mapped: number;
  /** Bytes asked for. @zh 申请的字节数。 */
  readonly requested: number;
  /** Bytes skipped for alignment. @zh 为对齐而跳过的字节数。 */
  readonly padding: number;
  /** Bytes left behind at the ends of chunks. @zh 换到下一块时留在块尾没用上的字节数。 */
  readonly tails: number;
  /** Bytes that are still to be given out. @zh 还可以分配的字节数。 */
  readonly free: number;
}

/**
 * A chunk of a bump arena.
 * @zh bump arena 的一块。
 */
export interface ArenaChunk {
  /** Address of its first byte. @zh 第一个字节的地址。 */
  readonly address: string;
  /** Bytes of the chunk. @zh 这一块的字节数。 */
  readonly bytes: number;
  /** Bytes before the place of the next object. @zh 下一个对象的位置之前的字节数。 */
  readonly used: number;
}

/**
 * A bump arena: an allocation moves one number; all objects are freed at once.
 * @zh bump arena：分配只是移动一个数；所有对象一次全部释放。
 */
export class BumpArena {
  readonly #m: Memory;
  #a: bump.BumpArena;
  readonly #owner: Owner;

  /** Use `go.offheap.arena`. */
  constructor(m: Memory, options: ArenaOptions = {}) {
    const chunk = integerOption("chunkBytes", options.chunkBytes ?? 65536, 4096, 2 ** 26);
    if (chunk % pageBytes !== 0) throw badOption("chunkBytes", chunk, "a multiple of 4096");
    this.#m = m;
    this.#a = arenaCreate(m, chunk);
    this.#owner = {
      use: (off, serial) => this.#use(off, serial),
      isLive: (_off, serial) => this.#a !== 0 && bump.serial(m, this.#a) === serial,
      free: (block) => this.#freeOne(block),
    };
  }

  /**
   * Zeroed memory.
   * @zh 已清零的内存。
   * @param size bytes
   * @param align a power of two up to 4096; default 8
   * @throws {CellError} `offheap/size`, `offheap/out-of-memory`
   */
  alloc(size: number, align = 8): Block {
    const a = this.#open();
    checkSize(size);
    if (!Number.isInteger(align) || align < 1 || align > 4096 || (align & (align - 1)) !== 0) {
      throw offheapError("offheap/size", `align is ${align}: use a power of two from 1 to 4096`, { size: align });
    }
    const off = arenaAlloc(this.#m, a, size, align);
    if (off === NIL) throw outOfMemory(size);
    return new Block(this.#m, this.#owner, off, bump.serial(this.#m, a), size, size);
  }

  /**
   * Frees every object and keeps the chunks for the next ones. What was used reads 0x5a from now on.
   * @zh 释放所有对象，保留内存块供之后使用。用过的字节从此读出来都是 0x5a。
   */
  reset(): void {
    arenaReset(this.#m, this.#open());
  }

  /**
   * Frees every object and gives the chunks back to the operating system: an old pointer faults from now on.
   * @zh 释放所有对象，并把内存块还给操作系统：此后旧指针会触发段错误。
   */
  free(): void {
    arenaFree(this.#m, this.#open());
  }

  /**
   * Gives everything back, for good.
   * @zh 归还一切，不再使用。
   */
  close(): void {
    arenaDestroy(this.#m, this.#open());
    this.#a = 0;
  }

  /**
   * The arena's figures.
   * @zh arena 的统计。
   */
  get figures(): ArenaFigures {
    const m = this.#m;
    const a = this.#open();
    const mapped = bump.mapped(m, a);
    const requested = bump.requested(m, a);
    const padding = bump.padding(m, a);
    const tails = bump.tails(m, a);
    return {
      objects: bump.count(m, a),
      chunks: bump.chunks(m, a),
      mapped,
      requested,
      padding,
      tails,
      free: mapped - requested - padding - tails,
    };
  }

  /**
   * The chunks, in the order of use.
   * @zh 各内存块，按使用顺序。
   */
  get chunks(): ArenaChunk[] {
    const m = this.#m;
    const a = this.#open();
    return Array.from({ length: bump.chunks(m, a) }, (_, i) => {
      const at = bump.chunkAt(m, a, i);
      const bytes = bump.chunkBytes(m, a, i);
      const current = bump.current(m, a);
      const used = i < current ? bytes : i > current ? 0 : bump.bump(m, a) - at;
      return { address: formatAddress(addressOf(m, at)), bytes, used };
    });
  }

  #open(): bump.BumpArena {
    if (this.#a === 0) throw offheapError("offheap/closed", "this arena was closed: make another one");
    return this.#a;
  }

  #use(off: number, serial: number): void {
    if (this.#a !== 0 && bump.serial(this.#m, this.#a) === serial) return;
    const address = formatAddress(addressOf(this.#m, off));
    throw offheapError(
      "offheap/freed",
      `the block at ${address} was freed with its whole arena: no pointer into an arena may outlive it`,
      { address, site: "", freedAt: "" },
    );
  }

  #freeOne(block: Block): never {
    throw offheapError(
      "offheap/not-allocated",
      `the block at ${block.address} cannot be freed alone: an arena frees all its objects at once, by reset or free`,
      { address: block.address },
    );
  }
}
