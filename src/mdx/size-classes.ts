/** The sizes of Go's slots, from the engine. */
import { sizeClasses } from "goheap";

/** Ascending, without class 0: 8, 16, 24 … 32768. */
export function slotSizes(): number[] {
  return sizeClasses()
    .map((one) => one.size)
    .filter((size) => size > 0);
}
