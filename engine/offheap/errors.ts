/** What a program can do wrong with memory that it manages by hand, as errors of its cell. */
import { CellError, type CellErrorCode } from "../memory/errors.ts";

/** The codes of manual memory. */
type OffheapErrorCode = Extract<CellErrorCode, `offheap/${string}`>;

/** An error to throw. @param args what the sentence is about, by name, for a page in another language */
export function offheapError(
  code: OffheapErrorCode,
  message: string,
  args: Readonly<Record<string, string | number>> = {},
): CellError {
  return new CellError(code, message, args);
}

/** The simulated machine has no room for an allocator's own records. */
export function noRecords(): CellError {
  return offheapError(
    "offheap/out-of-memory",
    "no room left for the allocator's own records: boot with a larger windowBytes, or make fewer allocators",
  );
}
