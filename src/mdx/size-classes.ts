/**
 * The sizes of Go's slots, asked of the allocator itself: a request for one byte more than a slot holds gets the next.
 */
import { boot, pointer, uint8 } from "goheap";

/** Ascending: 8, 16, 24 … 32768. */
export function slotSizes(): number[] {
  const go = boot();
  // Eight bytes without pointers would go to the tiny allocator; a pointer gets a slot of its own.
  const sizes = [go.where(go.new(pointer(uint8))).elemsize];
  for (let size = 16; size <= 32768; ) {
    const { elemsize } = go.where(go.malloc(size));
    sizes.push(elemsize);
    size = elemsize + 1;
  }
  return sizes;
}
