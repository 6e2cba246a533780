/** The adapters that there are, by kind. */
import type { Adapter } from "./adapter.ts";
import { malloc } from "./malloc.ts";
import { nextfree } from "./nextfree.ts";
import { programs } from "./programs.ts";
import { sizeclasses } from "./sizeclasses.ts";
import { types } from "./types.ts";

export const adapters: ReadonlyMap<string, Adapter> = new Map(
  Object.entries({ sizeclasses, nextfree, types, malloc, programs }),
);
