/** A stand-in for "goheap" where a test of the kernel needs an engine that fails on demand. */

export class Fatal extends Error {
  override readonly name = "Fatal";
}

export class Panic extends Error {
  override readonly name = "Panic";
}

export class GoType {}

export class Process {}

export function boot(): { make(): object; ruin(): never; panic(): never } {
  return {
    make: () => ({ made: true }),
    ruin: () => {
      throw new Fatal("uncaching span but s.allocCount == 0");
    },
    panic: () => {
      throw new Panic("runtime error: index out of range [3] with length 3");
    },
  };
}
