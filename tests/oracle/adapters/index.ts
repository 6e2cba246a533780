/** The adapters that there are, by kind. */
import type { Adapter } from "./adapter.ts";
import { addresses } from "./addresses.ts";
import { constants } from "./constants.ts";
import { facts } from "./facts.ts";
import { large } from "./large.ts";
import { malloc } from "./malloc.ts";
import { nextfree } from "./nextfree.ts";
import { pagealloc } from "./pagealloc.ts";
import { pagecache } from "./pagecache.ts";
import { pallocbits } from "./pallocbits.ts";
import { pi } from "./pi.ts";
import { programs } from "./programs.ts";
import { scavindex } from "./scavindex.ts";
import { scavloop } from "./scavloop.ts";
import { scavpace } from "./scavpace.ts";
import { searchaddr } from "./searchaddr.ts";
import { sizeclasses } from "./sizeclasses.ts";
import { spanrecords } from "./spanrecords.ts";
import { types } from "./types.ts";
import { wbAdapter as wb } from "./wb.ts";

export const adapters: ReadonlyMap<string, Adapter> = new Map(
  Object.entries({
    ...{ sizeclasses, nextfree, types, malloc },
    ...{ pallocbits, pagealloc, pagecache, large, scavindex, scavpace, scavloop, pi, programs, facts },
    ...{ constants, searchaddr, spanrecords, addresses, wb },
  }),
);
