/**
 * Events for readers: what `go.trace` gives back.
 *
 * The runtime reports five numbers (see runtime/trace.ts); here they get names, and offsets become addresses.
 */
import { addressOf, formatAddress } from "../memory/address.ts";
import type { Memory, TraceSink } from "../memory/memory.ts";
import * as mpagecache from "../records/mpagecache.ts";
import * as mspan from "../records/mspan.ts";
import { Ev } from "../runtime/trace.ts";
import type { PathName } from "./world.ts";

/**
 * One step of the runtime: its kind, and what it was about, by name.
 * @zh 运行时的一步：它的种类，以及按名字列出的内容。
 */
export interface TraceEvent {
  /** What the runtime did, such as `refill` or `nextFreeFast`. @zh 运行时做了什么，例如 `refill`、`nextFreeFast`。 */
  readonly kind: keyof typeof Ev;
  /** What it was about: addresses as text, sizes in bytes. @zh 这一步涉及的内容：地址是文本，大小以字节计。 */
  readonly [operand: string]: string | number | boolean;
}

/** Names of `Path`, in order. */
export const pathNames: readonly PathName[] = [
  "zero",
  "tiny",
  "small noscan",
  "small scan",
  "small scan, header",
  "large",
];

const verdicts = ["full", "too short", "here"] as const;
const sources = ["partialSwept", "partialUnswept", "fullUnswept", "grow"] as const;

/** How an operand reads: a plain number, an address, a span (by its address), a truth value, or a word. */
type Reading = "number" | "address" | "span" | "boolean" | "path" | "source" | "pages" | "pcache" | "verdict";

/** Operands of each kind, in order. */
const operands: Readonly<Record<keyof typeof Ev, readonly (readonly [name: string, reading: Reading])[]>> = {
  mallocgc: [
    ["size", "number"],
    ["typed", "boolean"],
    ["needzero", "boolean"],
  ],
  path: [["path", "path"]],
  tinyHit: [
    ["address", "address"],
    ["offset", "number"],
  ],
  nextFreeFast: [
    ["span", "span"],
    ["slot", "number"],
  ],
  nextFree: [
    ["span", "span"],
    ["slot", "number"],
  ],
  refill: [["spanclass", "number"]],
  cacheSpan: [
    ["spanclass", "number"],
    ["from", "source"],
    ["span", "span"],
  ],
  uncacheSpan: [
    ["spanclass", "number"],
    ["span", "span"],
    ["stale", "boolean"],
  ],
  allocSpan: [
    ["address", "address"],
    ["npages", "number"],
    ["from", "pages"],
  ],
  pageCacheRefill: [["address", "pcache"]],
  pagesAlloc: [
    ["address", "address"],
    ["npages", "number"],
  ],
  heapGrow: [["bytes", "number"]],
  initSpan: [
    ["span", "span"],
    ["spanclass", "number"],
    ["address", "address"],
    ["npages", "number"],
  ],
  freeSpan: [
    ["span", "span"],
    ["address", "address"],
    ["npages", "number"],
  ],
  sweepSpan: [
    ["span", "span"],
    ["freed", "number"],
    ["left", "number"],
    ["pagesFreed", "boolean"],
  ],
  zeroed: [
    ["address", "address"],
    ["bytes", "number"],
  ],
  mallocDone: [
    ["address", "address"],
    ["elemsize", "number"],
  ],
  sweepSkip: [["span", "span"]],
  sweepStart: [["span", "span"]],
  scavenge: [
    ["address", "address"],
    ["npages", "number"],
  ],
  findStep: [
    ["level", "number"],
    ["entry", "number"],
    ["verdict", "verdict"],
  ],
  stackalloc: [
    ["address", "address"],
    ["bytes", "number"],
  ],
  stackfree: [
    ["address", "address"],
    ["bytes", "number"],
  ],
  copystack: [
    ["from", "address"],
    ["to", "address"],
    ["used", "number"],
  ],
};

const kinds = new Map(Object.entries(Ev).map(([name, n]) => [n as number, name as keyof typeof Ev]));

/** Collects events, and passes them on to a listener that was there before. */
export class TraceRecorder implements TraceSink {
  readonly events: TraceEvent[] = [];
  readonly #m: Memory;
  readonly #next: TraceSink | null;
  readonly #onEvent: ((event: TraceEvent) => void) | null;

  /** @param onEvent takes each event instead of the list */
  constructor(m: Memory, next: TraceSink | null, onEvent: ((event: TraceEvent) => void) | null = null) {
    this.#m = m;
    this.#next = next;
    this.#onEvent = onEvent;
  }

  event(kind: number, a: number, b: number, c: number, d: number): void {
    this.#next?.event(kind, a, b, c, d);
    const name = kinds.get(kind);
    if (name === undefined) return;
    const e: Record<string, string | number | boolean> = { kind: name };
    const values = [a, b, c, d];
    operands[name].forEach(([operand, reading], i) => {
      e[operand] = this.#read(reading, values[i]);
    });
    if (this.#onEvent === null) this.events.push(e as TraceEvent);
    else this.#onEvent(e as TraceEvent);
  }

  #read(reading: Reading, v: number): string | number | boolean {
    switch (reading) {
      case "address":
        return formatAddress(addressOf(this.#m, v));
      case "span":
        return formatAddress(addressOf(this.#m, mspan.startAddr(this.#m, v)));
      case "boolean":
        return v !== 0;
      case "path":
        return pathNames[v];
      case "verdict":
        return verdicts[v];
      case "source":
        return sources[v];
      case "pcache":
        return formatAddress(mpagecache.baseHi(this.#m, v) * 2 ** 32 + (mpagecache.baseLo(this.#m, v) >>> 0));
      case "pages":
        return v === 0 ? "page cache" : "page heap";
      default:
        return v;
    }
  }
}
