/** goheap: Go 1.26's memory allocator, as a cell uses it. */

export { type ClassFigures, sizeClasses } from "./gc/classtable.ts";
export { CellError, type CellErrorCode } from "./memory/errors.ts";
export { Fatal, Panic } from "./memory/fatal.ts";
export {
  type ArenaFigures,
  type ArenaOptions,
  type BinRow,
  Block,
  BumpArena,
  type ExtentRow,
  Jemalloc,
  type JemallocFigures,
  type JemallocOptions,
  type LeakRow,
  Offheap,
} from "./offheap/index.ts";
export { AddressSpace, type AddressSpaceOptions, addressSpace, Region } from "./process/address_space.ts";
export type { ArenaView, Segment } from "./process/address_view.ts";
export type { CentralSpan, CentralView } from "./process/central_view.ts";
export type { TraceEvent } from "./process/events.ts";
export { G, type Stack } from "./process/goroutine.ts";
export { Looking } from "./process/looking.ts";
export type { ChunkView, FindStep, FindView, PageCacheView, PagesView, SummaryView } from "./process/pages_view.ts";
export { boot, Process } from "./process/process.ts";
export type { RuntimeRecord } from "./process/records_view.ts";
export type { Ref, Value } from "./process/ref.ts";
export { parseTrace, type Replay, type ReplayOptions, replay, type TraceStep } from "./process/replay.ts";
export { type OffheapReplay, type OffheapReplayOptions, replayOffheap } from "./process/replay_offheap.ts";
export type { BootOptions, CachedSpan, SpanFields, SweepOptions, Swept, Where } from "./process/rows.ts";
export type { SlotView } from "./process/slot_view.ts";
export type { BarrierHalves } from "./process/stores.ts";
export {
  array,
  bool,
  byte,
  chan,
  complex64,
  complex128,
  eface,
  type FieldInfo,
  float32,
  float64,
  func,
  GoType,
  iface,
  int,
  int8,
  int16,
  int32,
  int64,
  Kind,
  map,
  pointer,
  slice,
  sliceHeader,
  string,
  struct,
  uint,
  uint8,
  uint16,
  uint32,
  uint64,
  uintptr,
  unsafePointer,
} from "./process/types.ts";
export type { Variables } from "./process/variables.ts";
export type { OsView, ScavengerView } from "./process/views.ts";
export type { PathName } from "./process/world.ts";
export type { MemProfileRecord } from "./runtime/mprof.ts";
export type { BySize, Histogram, MemStats, Metrics } from "./runtime/mstats.ts";
