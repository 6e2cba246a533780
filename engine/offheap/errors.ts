/** What a program can do wrong with memory that it manages by hand, as errors of its cell. */
import { CellError, type CellErrorCode } from "../process/errors.ts";

/**
 * Permanent names of these errors.
 * @zh 这些错误的固定名字。
 */
export type OffheapErrorCode =
  | "offheap/freed"
  | "offheap/double-free"
  | "offheap/not-allocated"
  | "offheap/written-after-free"
  | "offheap/out-of-memory"
  | "offheap/fault"
  | "offheap/range"
  | "offheap/size"
  | "offheap/value"
  | "offheap/option"
  | "offheap/closed";

/** An error to throw. @param args what the sentence is about, by name, for a page in another language */
export function offheapError(
  code: OffheapErrorCode,
  message: string,
  args: Readonly<Record<string, string | number>> = {},
): CellError {
  return new CellError(code as string as CellErrorCode, message, args);
}

/** The simulated machine has no room for an allocator's own records. */
export function noRecords(): CellError {
  return offheapError(
    "offheap/out-of-memory",
    "no room left for the allocator's own records: boot with a larger windowBytes, or make fewer allocators",
  );
}
