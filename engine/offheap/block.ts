/** Block: a handle of manual memory that knows whether its block still lives. */
import { addressOf, formatAddress } from "../memory/address.ts";
import type { Memory } from "../memory/memory.ts";
import { offheapError } from "./errors.ts";
import { kindBytes, type RawKind, type RawValue, readRaw, writeRaw } from "./raw.ts";

/**
 * The allocator that a block came from, as far as the block must ask.
 * @zh 块所属的分配器，只含块要用到的部分。
 */
export interface Owner {
  /** Throws unless the block of this serial number lives. @zh 带这个序号的块已不在时抛出错误。 */
  use(off: number, serial: number): void;
  /** True when the block of this serial number lives. @zh 带这个序号的块还活着时为真。 */
  isLive(off: number, serial: number): boolean;
  /** Frees a block. @zh 释放一个块。 */
  free(block: Block): void;
}

/**
 * A handle of a block of manual memory. Each access is checked: the block must live, and the bytes must be its own.
 * @zh 一块手动内存的句柄。每次访问都检查：块必须还活着，字节必须在块内。
 */
export class Block {
  readonly #m: Memory;
  readonly #owner: Owner;
  readonly #off: number;
  readonly #serial: number;
  /**
   * Bytes asked for.
   * @zh 申请的字节数。
   */
  readonly size: number;
  /**
   * Bytes that the block really has.
   * @zh 块实际拥有的字节数。
   */
  readonly usable: number;

  /** Use an allocator. */
  constructor(m: Memory, owner: Owner, off: number, serial: number, size: number, usable: number) {
    this.#m = m;
    this.#owner = owner;
    this.#off = off;
    this.#serial = serial;
    this.size = size;
    this.usable = usable;
  }

  /**
   * The block's address. It stays the same when the block is freed: that is what makes old pointers dangerous.
   * @zh 块的地址。释放之后也不变：旧指针的危险正在于此。
   */
  get address(): string {
    return formatAddress(addressOf(this.#m, this.#off));
  }

  /**
   * True when the block was freed.
   * @zh 块已释放时为真。
   */
  get isFreed(): boolean {
    return !this.#owner.isLive(this.#off, this.#serial);
  }

  /**
   * Reads a value.
   * @zh 读取一个值。
   * @param at bytes from the start of the block
   * @throws {CellError} `offheap/freed`, `offheap/range`
   */
  get(at: number, kind: RawKind = "uint8"): RawValue {
    return readRaw(this.#m, this.#place(at, kindBytes(kind)), kind);
  }

  /**
   * Writes a value. A Go object may be given as a pointer, but the collector will not see it here.
   * @zh 写入一个值。可以把 Go 对象当作指针写进来，但回收器看不到这里的指针。
   * @param at bytes from the start of the block
   * @throws {CellError} `offheap/freed`, `offheap/range`, `offheap/value`
   */
  set(at: number, kind: RawKind, value: unknown): void {
    writeRaw(this.#m, this.#place(at, kindBytes(kind)), kind, value);
  }

  /**
   * Bytes as hexadecimal digits.
   * @zh 以十六进制数字表示的字节。
   */
  bytes(at = 0, count: number = this.size - at): string {
    const off = this.#place(at, count);
    let text = "";
    for (let i = 0; i < count; i++) text += this.#m.u8[off + i].toString(16).padStart(2, "0");
    return text;
  }

  #place(at: number, n: number): number {
    this.#owner.use(this.#off, this.#serial);
    if (Number.isInteger(at) && Number.isInteger(n) && at >= 0 && n >= 0 && at + n <= this.size) return this.#off + at;
    throw offheapError(
      "offheap/range",
      `bytes ${at} to ${at + n - 1} do not lie in a block of ${this.size}: in C this would reach what lies behind it`,
      { from: at, to: at + n - 1, size: this.size },
    );
  }

  /**
   * Frees the block. One of a bump arena cannot be freed alone.
   * @zh 释放这个块。bump arena 里的块不能单独释放。
   * @throws {CellError} `offheap/double-free`
   */
  free(): void {
    this.#owner.free(this);
  }

  /** Size and address, for people. @zh 给人看的大小和地址。 */
  toString(): string {
    return `${this.size} bytes at ${this.address}`;
  }

  /** What JSON.stringify writes. @zh JSON.stringify 写出的内容。 */
  toJSON(): {
    /** Address of the block. @zh 块的地址。 */
    address: string;
    /** Bytes asked for. @zh 申请的字节数。 */
    size: number;
    /** True when the block was freed. @zh 块已释放时为真。 */
    isFreed: boolean;
  } {
    return { address: this.address, size: this.size, isFreed: this.isFreed };
  }

  /**
   * The offset and the serial number, for the allocator that made it.
   * @zh 偏移和序号，供建立它的分配器使用。
   */
  static inside(block: unknown):
    | {
        /** The memory that it lies in. @zh 它所在的内存。 */
        m: Memory;
        /** The allocator that made it. @zh 建立它的分配器。 */
        owner: Owner;
        /** Offset of its first byte in the memory. @zh 第一个字节在内存中的偏移。 */
        off: number;
        /** Tells it from other blocks at the same place. @zh 用来与同一位置上的其他块相区别的序号。 */
        serial: number;
      }
    | undefined {
    if (!(block instanceof Block)) return undefined;
    return { m: block.#m, owner: block.#owner, off: block.#off, serial: block.#serial };
  }
}
