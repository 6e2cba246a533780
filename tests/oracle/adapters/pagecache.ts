/** `pagecache`: a page cache by itself, and three over a page allocator. */
import { NIL } from "../../../engine/memory/memory.ts";
import { osAlloc } from "../../../engine/memory/os.ts";
import * as pageCache from "../../../engine/records/mpagecache.ts";
import { pageSize } from "../../../engine/records/sizes.ts";
import { allocToCache, pageCacheAlloc, pageCacheFlush } from "../../../engine/runtime/mpagecache.ts";
import { Value } from "../shape.ts";
import type { Tally } from "../tally.ts";
import type { Adapter } from "./adapter.ts";
import { hexWord, PageAllocator } from "./pages.ts";

export const pagecache: Adapter = {
  phases: ["alone", "withPages"],
  replay(recording, tally) {
    for (const line of recording.lines) {
      const value = new Value(recording, line);
      const part = value.get("part").text();
      if (part !== "alone" && part !== "withPages") value.get("part").fail('"alone" or "withPages" is wanted');
      tally.begin(recording.file, line.line, part);
      if (part === "alone") alone(value, tally);
      else withPages(value.get("ops").list(), tally);
    }
  },
};

/** A page cache in the memory of a page allocator. */
class Cache {
  readonly pages: PageAllocator;
  readonly c: number;

  constructor(pages: PageAllocator) {
    this.pages = pages;
    this.c = osAlloc(pages.m, pageCache.layout.size);
  }

  set(base: Value, cache: Value, scav: Value): void {
    const { m } = this.pages;
    for (const [i, value] of [base, cache, scav].entries()) {
      [m.i32[(this.c >> 2) + 2 * i], m.i32[(this.c >> 2) + 2 * i + 1]] = value.word();
    }
  }

  alloc(op: Value, tally: Tally): void {
    const { m, p } = this.pages;
    const off = pageCacheAlloc(m, p, this.c, op.get("n").int(1, 64));
    tally.same("scav", op.get("scav").int(), m.ret[0] * pageSize);
    tally.same("addr", op.get("addr").text(), this.pages.hex(off === NIL ? NIL : off));
  }

  same(op: Value, fields: readonly string[], tally: Tally): void {
    const { m } = this.pages;
    const { baseLo, baseHi, cacheLo, cacheHi, scavLo, scavHi } = pageCache;
    const got: Readonly<Record<string, string>> = {
      base: hexWord(baseLo(m, this.c), baseHi(m, this.c)),
      cache: hexWord(cacheLo(m, this.c), cacheHi(m, this.c)),
      scavBits: hexWord(scavLo(m, this.c), scavHi(m, this.c)),
      searchAddr: this.pages.searchAddr(),
    };
    for (const field of fields) tally.same(field, op.get(field).text(), got[field]);
  }
}

function alone(value: Value, tally: Tally): void {
  const cache = new Cache(new PageAllocator([]));
  cache.set(value.get("base"), value.get("cache"), value.get("scavBits"));
  for (const op of value.get("ops").list()) {
    tally.operation();
    cache.alloc(op, tally);
    cache.same(op, ["cache", "scavBits"], tally);
  }
}

function withPages(ops: readonly Value[], tally: Tally): void {
  const pages = new PageAllocator(ops);
  const { m, p } = pages;
  const slots = Array.from({ length: 3 }, () => new Cache(pages));
  for (const op of ops) {
    tally.operation();
    if (pages.does(op, tally)) continue;
    const slot = slots[op.get("slot").int(0, slots.length - 1)];
    switch (op.get("op").text()) {
      case "allocToCache":
        pages.locked(() => allocToCache(m, p, slot.c));
        slot.same(op, ["base", "cache", "scavBits", "searchAddr"], tally);
        break;
      case "cacheAlloc":
        slot.alloc(op, tally);
        slot.same(op, ["base", "cache", "scavBits"], tally);
        break;
      case "flush":
        pages.locked(() => pageCacheFlush(m, slot.c, p));
        slot.same(op, ["base", "cache", "scavBits", "searchAddr"], tally);
        break;
      default:
        op.get("op").fail("an operation of page allocators or caches is wanted");
    }
  }
}
