/**
 * Call sites: live blocks and bytes for each place that allocates, as Dgraph's leak report counts them.
 *
 * The program names the place; a block remembers it until it is freed. Whatever a site still has at the end has leaked
 * from there.
 */
import type { Memory } from "../memory/memory.ts";
import { baseAlloc } from "./base.ts";
import { noRecords } from "./errors.ts";
import * as pool from "./records/pool.ts";
import * as site from "./records/site.ts";

/** The site of this name, entered when it is new. @throws {CellError} `offheap/out-of-memory` */
export function siteOf(m: Memory, p: pool.Pool, name: string): site.Site {
  let last: site.Site = 0;
  for (let s = pool.firstSite(m, p); s !== 0; s = site.next(m, s)) {
    if (isNamed(m, s, name)) return s;
    last = s;
  }
  const s: site.Site = baseAlloc(m, p, site.layout.size + 2 * name.length, true);
  if (s === 0) throw noRecords();
  site.setNameLength(m, s, name.length);
  for (let i = 0; i < name.length; i++) m.u16[(nameAt(s) >> 1) + i] = name.charCodeAt(i);
  if (last === 0) pool.setFirstSite(m, p, s);
  else site.setNext(m, last, s);
  return s;
}

function nameAt(s: site.Site): number {
  return s + site.layout.size;
}

function isNamed(m: Memory, s: site.Site, name: string): boolean {
  if (site.nameLength(m, s) !== name.length) return false;
  for (let i = 0; i < name.length; i++) if (m.u16[(nameAt(s) >> 1) + i] !== name.charCodeAt(i)) return false;
  return true;
}

/** A site's name. */
export function siteName(m: Memory, s: site.Site): string {
  let name = "";
  for (let i = 0; i < site.nameLength(m, s); i++) name += String.fromCharCode(m.u16[(nameAt(s) >> 1) + i]);
  return name;
}

/** A block of n bytes was given out for the site. */
export function siteAdd(m: Memory, s: site.Site, n: number): void {
  site.setLiveCount(m, s, site.liveCount(m, s) + 1);
  site.setLiveBytes(m, s, site.liveBytes(m, s) + n);
  site.setTotalCount(m, s, site.totalCount(m, s) + 1);
  site.setTotalBytes(m, s, site.totalBytes(m, s) + n);
}

/** A block of n bytes that the site had asked for was freed. */
export function siteDrop(m: Memory, s: site.Site, n: number): void {
  site.setLiveCount(m, s, site.liveCount(m, s) - 1);
  site.setLiveBytes(m, s, site.liveBytes(m, s) - n);
}
