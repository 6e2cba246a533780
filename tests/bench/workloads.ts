/**
 * B2: what is allocated. Eight kinds of small objects, three large ones, and pages alone.
 *
 * A window is 8 MiB of objects, each stored to one global variable so that the one before is garbage; then a sweep with
 * nothing live, outside the time. So spans are used again and cleared, as in a program that runs for long. tests/bench/go
 * does the same with real Go; both print one line per workload: `name nanoseconds-per-object`.
 */

export interface Workload {
  readonly name: string;
  /** Bytes of an object. */
  readonly size: number;
  /** Its first word is a pointer. */
  readonly scan: boolean;
  /** One of the eight of which the geometric mean is taken. */
  readonly small: boolean;
}

function workload(scan: boolean, size: number, small = true): Workload {
  return { name: `${scan ? "scan" : "noscan"}-${size}`, size, scan, small };
}

export const workloads: readonly Workload[] = [
  ...[8, 16, 64, 1024].map((size) => workload(false, size)),
  ...[8, 16, 64, 1024].map((size) => workload(true, size)),
  ...[32 << 10, 64 << 10, 1 << 20].map((size) => workload(false, size, false)),
];

/** One page found and given back, 4096 at a time, in 64 MiB of free pages. */
export const PAGES = "pages";
/** A fixed loop over words, by which machines are compared where there is no Go. */
export const REFERENCE = "reference";

export const windowBytes = 8 << 20;
export const pagesPerWindow = 4096;
