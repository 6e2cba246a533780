/** What a cell hands in, checked. */
import { offheapError } from "./errors.ts";
import { maxSize } from "./sizeclasses.ts";

/** A size in bytes: an integer that a block can have. @throws {CellError} `offheap/size` */
export function checkSize(size: number): void {
  if (Number.isInteger(size) && size >= 0 && size <= maxSize) return;
  throw offheapError("offheap/size", `size is ${size}: use an integer from 0 to ${maxSize}`, { size: Number(size) });
}

/** What malloc says when the operating system has no more. */
export function outOfMemory(size: number): Error {
  return offheapError(
    "offheap/out-of-memory",
    `no room for ${size} bytes beside the Go heap: free something, or boot with a larger windowBytes`,
    { size },
  );
}

/** An option out of range. */
export function badOption(option: string, value: number, want: string): Error {
  return offheapError("offheap/option", `${option} is ${value}: use ${want}`, { option, value: Number(value) });
}

/** An option that is an integer from `min` to `max`. @throws {CellError} `offheap/option` */
export function integerOption(option: string, value: number, min: number, max: number): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw badOption(option, value, `an integer from ${min} to ${max}`);
}

/** A decay time in milliseconds. @throws {CellError} `offheap/option` */
export function decayOption(option: string, value: number): number {
  if (Number.isInteger(value) && value >= -1 && value <= 86_400_000) return value;
  throw badOption(option, value, "milliseconds from 0 on, at most a day, or -1 for never");
}
