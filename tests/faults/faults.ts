/**
 * Seeded faults: small sabotages of the engine, each of which some test must notice.
 *
 * A fault is a change of source text, made while the tests load the engine (plugin.ts) or while the stepped build is
 * made; the files on disk are never touched. FAULT=name npx vitest run tests/engine/… runs tests under one.
 * `npm run conformance` runs each fault that tests/conformance.json names and expects its row's test to fail.
 */

export interface Edit {
  /** Source text that must occur exactly once. */
  readonly find: string;
  readonly replace: string;
}

export interface Fault extends Edit {
  readonly name: string;
  /** The file that is sabotaged, from the root of the repository. */
  readonly file: string;
  /** More places of the same file that the fault needs. */
  readonly and?: readonly Edit[];
  /** What goes wrong in a heap that has it. */
  readonly why: string;
}

export const faults: readonly Fault[] = [
  {
    name: "page-cache-without-lock",
    file: "engine/runtime/mheap.ts",
    find: `      lock(m, mheap.lock(h));
      allocToCache(m, mheap.pages(h), c);
      unlock(m, mheap.lock(h));`,
    replace: "      allocToCache(m, mheap.pages(h), c);",
    why: "two Ps fill their page caches at once and both take the same 64 pages",
  },
  {
    name: "heap-without-lock",
    file: "engine/runtime/mheap.ts",
    find: `    lock(m, mheap.lock(h));
    if (base === NIL) {
      base = allocPagesLocked(m, h, npages);
      scav = m.ret[0];
      if (base === NIL) {
        unlock(m, mheap.lock(h));`,
    replace: `    if (base === NIL) {
      base = allocPagesLocked(m, h, npages);
      scav = m.ret[0];
      if (base === NIL) {`,
    and: [
      {
        find: `    s = allocMSpanLocked(m, h);
    unlock(m, mheap.lock(h));`,
        replace: "    s = allocMSpanLocked(m, h);",
      },
    ],
    why: "two Ps take pages from the page allocator, or span records, at once and get the same ones",
  },
  {
    name: "span-set-pop-without-cas",
    file: "engine/runtime/mspanset.ts",
    find: "if (spanset.headCas(m, b, head, head + 1)) break;",
    replace: "spanset.setHead(m, b, head + 1); break;",
    why: "two Ps pop the same position of a span set and share the span",
  },
  {
    name: "span-set-push-without-add",
    file: "engine/runtime/mspanset.ts",
    find: "const newTail = spanset.addTail(m, b, 1);",
    replace: "const newTail = spanset.tail(m, b) + 1; spanset.setTail(m, b, newTail);",
    why: "two Ps push to the same position of a span set and one span is lost",
  },
  {
    name: "sweepgen-without-cas",
    file: "engine/runtime/mgcsweep.ts",
    find: "if (mspan.sweepgen(m, s) === unswept && mspan.sweepgenCas(m, s, unswept, (sg - 1) >>> 0)) return true;",
    replace: "if (mspan.sweepgen(m, s) === unswept) { mspan.setSweepgen(m, s, (sg - 1) >>> 0); return true; }",
    why: "two Ps sweep one span: one hands out its slots, the other gives its pages back",
  },
];

/** @throws {Error} for a name that is not in the list */
export function faultNamed(name: string): Fault {
  const fault = faults.find((f) => f.name === name);
  if (fault !== undefined) return fault;
  throw new Error(`unknown fault "${name}": the faults are ${faults.map((f) => f.name).join(", ")}`);
}

/** The source with the fault in it. @throws {Error} when it no longer fits, or fits more than once */
export function applyFault(fault: Fault, source: string): string {
  let text = source;
  for (const { find, replace } of [fault, ...(fault.and ?? [])]) {
    const times = text.split(find).length - 1;
    if (times !== 1) {
      throw new Error(
        `fault ${fault.name}: "${find}" occurs ${times} times in ${fault.file}: it must fit exactly once`,
      );
    }
    text = text.replace(find, () => replace);
  }
  return text;
}

/** The `edit` of scripts/stepped/build.ts for a fault. */
export function faultEdit(name: string): (path: string, source: string) => string {
  const fault = faultNamed(name);
  return (path, source) => (path === fault.file ? applyFault(fault, source) : source);
}
