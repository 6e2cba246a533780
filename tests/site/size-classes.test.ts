import { expect, test } from "vitest";
import { slotSizes } from "../../src/mdx/size-classes.ts";

test("the byte ruler's slots are Go's 67 size classes, read off the allocator", () => {
  const sizes = slotSizes();
  expect(sizes).toHaveLength(67);
  expect(sizes.slice(0, 6)).toEqual([8, 16, 24, 32, 48, 64]);
  expect(sizes.at(-1)).toBe(32768);
  expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
});
