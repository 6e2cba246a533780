/**
 * The linear memory: one fixed-length buffer that holds a whole Go process.
 *
 *   0 ............. window ............. data ............. end
 *   │ arenas: the heap  │ Go's globals    │ everything the runtime takes from
 *   │ (objects, stacks) │ (data segment)  │ the OS for itself (persistentalloc …)
 *
 * Every piece of state lies in these bytes, so a copy of the buffer is a copy of the process: snapshot,
 * fork, diff, hash and time travel are operations on bytes.
 *
 * A `Memory` is also the thread that looks at the buffer: it carries what Go keeps in the g register (the
 * running P). Several `Memory` objects over one buffer are several threads; several buffers are several heaps.
 *
 * Three kinds of number, never mixed in one variable:
 *   off   byte offset into the buffer; what the engine computes with. `NIL` (-1) is "no object".
 *   addr  Go's 64-bit address as a plain number: `heapBase + off` inside the window, `off` outside. For printing.
 *   Ptr   byte offset of a runtime record; 0 is nil, as no record lies in the window.
 * With the fixed base the low 32 bits of every address are its offset (0xc000000000 has a low word of 0), so
 * offset 0 is a real object: nil is told by the whole 64-bit word, never by the low half.
 */

/** Offset of nothing: what a nil Go pointer becomes when it is loaded. */
export const NIL = -1;

/** Go's heap base when `RandomizedHeapBase64` is off; this engine's default. */
export const FIXED_HEAP_BASE = 0xc000000000;

/** Bytes of the arena window unless told otherwise: 128 MiB, two arenas. */
export const DEFAULT_WINDOW_BYTES = 128 * 1024 * 1024;

/** The largest window: byte offsets stay small integers in every browser. */
export const MAX_WINDOW_BYTES = 1024 * 1024 * 1024;

/** Granularity of the window: one heap arena. */
export const WINDOW_GRANULE_BYTES = 64 * 1024 * 1024;

/** Reserved for Go's globals, just above the window. Half of it are the records of 256 Ps, each with its barrier buffer. */
export const DATA_BYTES = 4 * 1024 * 1024;

/** A byte offset of a record of kind K; 0 is nil. The brand only documents: a plain number is accepted. */
export type Ptr<K extends string = string> = number & { readonly record?: K };

/**
 * How much a heap checks itself: nothing, assertions, or every invariant after each operation.
 * @zh 堆的自检程度：不检查、检查局部断言、每步之后检查全部不变量。
 */
export type CheckMode = "none" | "local" | "step";

export interface MemoryOptions {
  /** Bytes of heap that can be addressed; a multiple of 64 MiB, at most 1 GiB. */
  readonly windowBytes?: number;
  /** Address of offset 0; a multiple of 64 MiB below 2^47. */
  readonly heapBase?: number;
  /** A buffer of at least `bufferBytes(windowBytes)`: another thread's, or a WebAssembly memory's. */
  readonly buffer?: ArrayBufferLike;
  readonly check?: CheckMode;
}

/** Bytes of buffer that a window needs: the window, the globals, and what the runtime takes for itself. */
export function bufferBytes(windowBytes: number): number {
  return windowBytes + DATA_BYTES + 8 * 1024 * 1024 + windowBytes / 4;
}

/** Receives the runtime's events while somebody listens; see runtime/trace.ts for the kinds and their operands. */
export interface TraceSink {
  event(kind: number, a: number, b: number, c: number, d: number): void;
}

/**
 * What never changes is declared, not defined: a field that begins as `undefined` is to V8 one of any type for ever, and
 * every use of it a check.
 */
export class Memory {
  declare readonly buffer: ArrayBufferLike;
  declare readonly u8: Uint8Array;
  declare readonly u16: Uint16Array;
  declare readonly i32: Int32Array;
  declare readonly u32: Uint32Array;
  declare readonly f64: Float64Array;
  /** 64-bit words for atomics over a shared buffer; null in any other, where no BigInt is ever made. */
  declare readonly i64: BigInt64Array | null;

  /** Bytes of the arena window; the first byte above it is the data segment's. */
  declare readonly windowBytes: number;
  /** Start of Go's globals. */
  declare readonly data: number;
  /** Start of what the simulated OS hands out for anything but the heap. */
  declare readonly meta: number;
  /** Address of offset 0, and its two halves. */
  declare readonly heapBase: number;
  declare readonly baseLo: number;
  declare readonly baseHi: number;
  /** True over a SharedArrayBuffer: atomic accessors then use real atomics, locks really wait. */
  declare readonly isShared: boolean;
  declare readonly check: CheckMode;
  /** `check !== "none"`, tested on hot paths. */
  declare readonly isChecked: boolean;

  /** The P that this thread runs, 0 for none. Go: getg().m.p. */
  p: Ptr<"p"> = 0;
  /**
   * True while nobody listens, checks or shares the bytes: all that is rare, asked once. The flat build's hot paths are
   * taken only then (scripts/flatten).
   */
  declare isPlain: boolean;
  #trace: TraceSink | null = null;
  #lockLog: number[] | null = null;
  /** Second results: a function that has more than one leaves the others here, for its caller to read at once. */
  readonly ret = new Int32Array(8);

  constructor(options: MemoryOptions = {}) {
    const windowBytes = options.windowBytes ?? DEFAULT_WINDOW_BYTES;
    const heapBase = options.heapBase ?? FIXED_HEAP_BASE;
    if (windowBytes % WINDOW_GRANULE_BYTES !== 0 || windowBytes <= 0 || windowBytes > MAX_WINDOW_BYTES) {
      throw new RangeError(`windowBytes is ${windowBytes}: use a multiple of 64 MiB (67108864), at most 1 GiB`);
    }
    if (heapBase % WINDOW_GRANULE_BYTES !== 0 || heapBase < 2 ** 32 || heapBase + windowBytes > 2 ** 47) {
      throw new RangeError(`heapBase is ${heapBase}: use a multiple of 64 MiB from 2^32 up to 2^47 less the window`);
    }
    const need = bufferBytes(windowBytes);
    const buffer = options.buffer ?? new ArrayBuffer(need);
    if (buffer.byteLength < need) {
      throw new RangeError(`the buffer has ${buffer.byteLength} bytes: a window of ${windowBytes} needs ${need}`);
    }
    this.buffer = buffer;
    this.u8 = new Uint8Array(buffer);
    this.u16 = new Uint16Array(buffer);
    this.i32 = new Int32Array(buffer);
    this.u32 = new Uint32Array(buffer);
    this.f64 = new Float64Array(buffer);
    this.windowBytes = windowBytes;
    this.data = windowBytes;
    this.meta = windowBytes + DATA_BYTES;
    this.heapBase = heapBase;
    this.baseLo = (heapBase % 2 ** 32) | 0;
    this.baseHi = Math.floor(heapBase / 2 ** 32);
    this.isShared = typeof SharedArrayBuffer !== "undefined" && buffer instanceof SharedArrayBuffer;
    this.i64 = this.isShared ? new BigInt64Array(buffer) : null;
    this.check = options.check ?? "none";
    this.isChecked = this.check !== "none";
    this.isPlain = !this.isShared && !this.isChecked;
  }

  /** The listener, or null; runtime/trace.ts tests it before every event. */
  get trace(): TraceSink | null {
    return this.#trace;
  }

  set trace(sink: TraceSink | null) {
    this.#trace = sink;
    this.#fold();
  }

  /** Offsets of the locks taken, in order, while a test listens; else null. */
  get lockLog(): number[] | null {
    return this.#lockLog;
  }

  set lockLog(log: number[] | null) {
    this.#lockLog = log;
    this.#fold();
  }

  #fold(): void {
    this.isPlain = this.#trace === null && this.#lockLog === null && !this.isShared && !this.isChecked;
  }

  /** A second thread over the same bytes, with its own running P. */
  thread(): Memory {
    return new Memory({
      windowBytes: this.windowBytes,
      heapBase: this.heapBase,
      buffer: this.buffer,
      check: this.check,
    });
  }
}
