/**
 * The observer's door: snapshots, their differences, and a hash of the bytes.
 *
 * A page that only draws takes the types, which cost nothing at run time.
 */
export { diffSnapshots } from "./diff.ts";
export { hashMemory } from "./hash.ts";
export { takeSnapshot } from "./snapshot.ts";
export type {
  Difference,
  HeapSnapshot,
  ProcSnapshot,
  SnapshotOptions,
  SpanSetName,
  SpanSnapshot,
} from "./types.ts";
