/** What changed between two snapshots: by span, by P and by field, down to single bits. */
import type { Difference, HeapSnapshot, SpanSnapshot } from "./types.ts";

type Leaf = string | number | boolean | null;

/** Fields whose hexadecimal digits are bits of numbered things. */
const BIT_STRINGS = new Set(["allocBits", "gcmarkBits", "inUse", "scavenged"]);

/**
 * Differences of `after` against `before`, in order of the snapshot's fields.
 *
 * Spans are paired by their record and first page: a record that serves other pages is another span, and appears as
 * one gone (`after` null) and one come. A bit string is compared bit by bit: `spans[0xc000006000].allocBits[17]`.
 * @zh `after` 与 `before` 的不同之处，按快照字段的次序。同一条记录、同一首页才算同一个 span；位图逐位比较。
 */
export function diffSnapshots(before: HeapSnapshot, after: HeapSnapshot): Difference[] {
  const out: Difference[] = [];
  compare("heapBase", before.heapBase, after.heapBase, out);
  compare("sweepgen", before.sweepgen, after.sweepgen, out);
  compareRecord("pages", before.pages, after.pages, out);
  const old = new Map(before.spans.map((s) => [keyOf(s), s]));
  for (const s of after.spans) {
    const o = old.get(keyOf(s));
    old.delete(keyOf(s));
    if (o === undefined) out.push({ path: `spans[${s.base}]`, before: null, after: s.spanclass });
    else compareRecord(`spans[${s.base}]`, o, s, out);
  }
  for (const o of old.values()) out.push({ path: `spans[${o.base}]`, before: o.spanclass, after: null });
  const procs = Math.max(before.procs.length, after.procs.length);
  for (let i = 0; i < procs; i++) {
    const b = before.procs[i];
    const a = after.procs[i];
    if (a === undefined || b === undefined)
      out.push({ path: `procs[${i}]`, before: b?.id ?? null, after: a?.id ?? null });
    else compareRecord(`procs[${i}]`, b, a, out);
  }
  compareRecord("stats", before.stats, after.stats, out);
  return out;
}

function keyOf(s: SpanSnapshot): string {
  return `${s.id} ${s.page}`;
}

function compareRecord(path: string, before: object, after: object, out: Difference[]): void {
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const b = (before as Record<string, unknown>)[key];
    const a = (after as Record<string, unknown>)[key];
    const at = Array.isArray(before) ? `${path}[${key}]` : `${path}.${key}`;
    if (isObject(b) && isObject(a)) compareRecord(at, b, a, out);
    else if (BIT_STRINGS.has(key) && typeof b === "string" && typeof a === "string") compareBits(at, b, a, out);
    else compare(at, leaf(b), leaf(a), out);
  }
}

function compareBits(path: string, before: string, after: string, out: Difference[]): void {
  for (let i = 0; i < Math.max(before.length, after.length); i += 2) {
    const b = Number.parseInt(before.slice(i, i + 2) || "0", 16);
    const a = Number.parseInt(after.slice(i, i + 2) || "0", 16);
    for (let k = 0; k < 8 && a !== b; k++) {
      if (((a ^ b) >> k) & 1) out.push({ path: `${path}[${4 * i + k}]`, before: (b >> k) & 1, after: (a >> k) & 1 });
    }
  }
}

function compare(path: string, before: Leaf, after: Leaf, out: Difference[]): void {
  if (before !== after) out.push({ path, before, after });
}

function isObject(x: unknown): x is object {
  return typeof x === "object" && x !== null;
}

/** A value that can be shown: what is an object on one side only counts as there or not. */
function leaf(x: unknown): Leaf {
  if (x === undefined || x === null) return null;
  return typeof x === "object" ? "…" : (x as Leaf);
}
