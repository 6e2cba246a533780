/**
 * The simulated operating system by itself: address space, and memory behind it when it is touched. No Go runs here.
 *
 *   reserve ──> an address, nothing behind it; touching it is a fault
 *   map ──────> may be touched; still nothing behind it
 *   touch ────> 4 KiB of memory
 *   release ──> the address stays, the memory is gone
 */
import { formatAddress } from "../memory/address.ts";
import { CellError } from "../memory/errors.ts";
import { FIXED_HEAP_BASE, Memory, WINDOW_GRANULE_BYTES } from "../memory/memory.ts";
import {
  OS_NONE,
  OS_PAGE_BYTES,
  OS_READY,
  OS_RESERVED,
  type OsFigures,
  osCommit,
  osFigures,
  osInit,
  osPrepare,
  osRelease,
  osReserve,
  osState,
  osUnmap,
} from "../memory/os.ts";

/** How an address space is made. @zh 如何建立一个地址空间。 */
export interface AddressSpaceOptions {
  /** Bytes that can be reserved at all: a multiple of 64 MiB, at most 1 GiB (default). @zh 总共可保留的字节数：64 MiB 的整数倍，默认也是最大 1 GiB。 */
  readonly bytes?: number;
}

/**
 * A fresh address space, as the operating system keeps it for a process.
 * @zh 一个全新的地址空间，就像操作系统为进程保管的那样。
 * @throws {CellError} `cell/option`
 * @example const r = addressSpace().reserve(64 * 2 ** 20);
 */
export function addressSpace(options: AddressSpaceOptions = {}): AddressSpace {
  return new AddressSpace(options.bytes ?? 1024 * 2 ** 20);
}

/**
 * An address space, and what it has cost so far.
 * @zh 一个地址空间，以及目前的开销。
 */
export class AddressSpace {
  readonly #m: Memory;
  readonly #before: OsFigures;

  /** Use `addressSpace`. */
  constructor(bytes: number) {
    if (!(bytes > 0) || bytes % WINDOW_GRANULE_BYTES !== 0 || bytes > 2 ** 30) {
      const what = `bytes is ${bytes}: use a multiple of 64 MiB, at most 1 GiB`;
      throw new CellError("cell/option", what, { option: "bytes", value: bytes });
    }
    this.#m = new Memory({ windowBytes: bytes, heapBase: FIXED_HEAP_BASE });
    osInit(this.#m);
    this.#before = osFigures(this.#m);
  }

  /**
   * mmap with PROT_NONE: takes an address and nothing else.
   * @zh 带 PROT_NONE 的 mmap：只占地址，别无其他。
   * @param bytes rounded up to 4 KiB
   */
  reserve(bytes: number): Region {
    const n = roundUp(bytes);
    const addr = n > this.#m.windowBytes ? 0 : osReserve(this.#m, 0, n);
    if (addr === 0) {
      const what = `no room for ${bytes} bytes: the address space has ${this.#m.windowBytes}`;
      throw new CellError("cell/size", what, { what: "bytes", size: bytes });
    }
    return new Region(this.#m, addr - this.#m.heapBase, n);
  }

  /**
   * Virtual, committed and resident bytes, and page faults. Takes time in proportion to the memory.
   * @zh 虚拟、已提交、常驻的字节数，以及缺页次数。所花时间与内存大小成正比。
   */
  get figures(): OsFigures {
    const now = osFigures(this.#m);
    const b = this.#before;
    return {
      virtual: now.virtual - b.virtual,
      committed: now.committed - b.committed,
      resident: now.resident - b.resident,
      faults: now.faults - b.faults,
    };
  }
}

/**
 * A reserved range. Offsets and lengths are bytes, in whole pages of 4 KiB.
 * @zh 一段保留的地址。偏移和长度以字节计，须是 4 KiB 的整数倍。
 */
export class Region {
  readonly #m: Memory;
  readonly #off: number;
  /** Bytes. @zh 字节数。 */
  readonly bytes: number;

  /** Use `AddressSpace.reserve`. */
  constructor(m: Memory, off: number, bytes: number) {
    this.#m = m;
    this.#off = off;
    this.bytes = bytes;
  }

  /** Address of its first byte. @zh 第一个字节的地址。 */
  get address(): string {
    return formatAddress(this.#m.heapBase + this.#off);
  }

  /**
   * mmap with PROT_READ|PROT_WRITE over it: may be touched from now on. Costs no memory yet.
   * @zh 用 PROT_READ|PROT_WRITE 再 mmap 一次：从此可以访问，但还不占内存。
   */
  map(from = 0, bytes = this.bytes - from): this {
    this.#check(from, bytes);
    for (let o = from; o < from + bytes; o += OS_PAGE_BYTES) {
      if (osState(this.#m, this.#off + o) === OS_RESERVED) osPrepare(this.#m, this.#off + o, OS_PAGE_BYTES);
    }
    return this;
  }

  /**
   * Writes one byte to each 4 KiB page of the range: the first time that costs a fault and a page.
   * @zh 向这一段的每个 4 KiB 页写一个字节：第一次写会缺页，并占用一页内存。
   * @throws {CellError} `cell/fault` where nothing is mapped
   */
  touch(from = 0, bytes = OS_PAGE_BYTES): this {
    this.#check(from - (from % OS_PAGE_BYTES), roundUp(bytes));
    for (let o = from - (from % OS_PAGE_BYTES); o < from + bytes; o += OS_PAGE_BYTES) {
      const off = this.#off + o;
      const state = osState(this.#m, off);
      if (state === OS_NONE || state === OS_RESERVED) {
        const address = formatAddress(this.#m.heapBase + off);
        throw new CellError("cell/fault", `segmentation fault at ${address}: it is reserved, not mapped`, { address });
      }
      if (state !== OS_READY) osCommit(this.#m, off, OS_PAGE_BYTES);
      this.#m.u8[off] = 1;
    }
    return this;
  }

  /**
   * madvise with MADV_DONTNEED: the memory goes back, the address stays and reads as zeroes.
   * @zh 带 MADV_DONTNEED 的 madvise：内存交还，地址保留，再读是零。
   */
  release(from = 0, bytes = this.bytes - from): this {
    this.#check(from, bytes);
    for (let o = from; o < from + bytes; o += OS_PAGE_BYTES) {
      if (osState(this.#m, this.#off + o) === OS_READY) osRelease(this.#m, this.#off + o, OS_PAGE_BYTES, false);
    }
    return this;
  }

  /** munmap: the address is gone, too. @zh munmap：连地址也一并交还。 */
  unmap(): void {
    osUnmap(this.#m, this.#m.heapBase + this.#off, this.bytes);
  }

  #check(from: number, bytes: number): void {
    const isWhole = from % OS_PAGE_BYTES === 0 && bytes % OS_PAGE_BYTES === 0;
    if (isWhole && from >= 0 && bytes >= 0 && from + bytes <= this.bytes) return;
    const what = `${bytes} bytes at ${from}: use whole pages of 4096 within ${this.bytes}`;
    throw new CellError("cell/size", what, { what: "bytes", size: bytes });
  }
}

function roundUp(bytes: number): number {
  if (!Number.isInteger(bytes) || bytes < 1) {
    throw new CellError("cell/size", `bytes is ${bytes}: use an integer from 1 on`, { what: "bytes", size: bytes });
  }
  return Math.ceil(bytes / OS_PAGE_BYTES) * OS_PAGE_BYTES;
}
