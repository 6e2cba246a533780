/**
 * `wb`: what the write barrier's buffer holds after a statement. The recording says in structured form which slots the
 * statement stores to, copies to or clears; it is done here, and the buffer is read.
 *
 * Stores that follow each other are one run, as they are to the compiler; what the recording calls by one number is one
 * variable there. A copied or cleared struct, array or interface is a part of a run; a slice is copied by a call.
 */
import { loadPointer, storePointer } from "../../../engine/memory/address.ts";
import { type Memory, NIL } from "../../../engine/memory/memory.ts";
import { writeDescriptor } from "../../../engine/process/descriptors.ts";
import { type PointerStore, storeRun, type ValueStore } from "../../../engine/process/stores.ts";
import * as t from "../../../engine/process/types.ts";
import { pointerWords } from "../../../engine/process/variables.ts";
import { data, gcdatamask, setEdata, writeBarrier } from "../../../engine/records/globals.ts";
import * as wb from "../../../engine/records/mwbbuf.ts";
import * as p from "../../../engine/records/runtime2.ts";
import type { Type } from "../../../engine/records/type.ts";
import { mallocgc } from "../../../engine/runtime/malloc.ts";
import { memclrHasPointers, typedslicecopy } from "../../../engine/runtime/mbarrier.ts";
import { Value } from "../shape.ts";
import type { Adapter } from "./adapter.ts";
import { bootHeap } from "./heap.ts";

export const wbAdapter: Adapter = {
  phases: ["buffer"],
  replay(recording, tally) {
    for (const line of recording.lines) {
      const value = new Value(recording, line);
      tally.begin(recording.file, line.line, "buffer");
      tally.operation();
      const program = new Program(value.get("scenario").get("objects").int(1, 64));
      const expected = value
        .get("buffer")
        .list()
        .map((entry) => entry.text());
      tally.same("buffer", expected, program.run(value.get("scenario")));
    }
  },
};

const node = t.struct("node", {
  a: t.pointer("node"),
  b: t.pointer("node"),
  n: t.int,
  s: t.sliceHeader,
  f: t.eface,
});
const duo = t.struct("duo", { p: t.pointer(node), q: t.pointer(node) });
const four = t.array(4, t.pointer(node));
const globals = t.struct("globals", {
  ...{ g1: t.pointer(node), g2: t.pointer(node), gduo: duo, gduo2: duo, garr: four, giface: t.eface },
});
/** Elements of the array that gslice leads to. */
const sliceLen = 64;

/** Where a slot lies, and the value that it is a part of: what is copied or cleared with it. */
interface Place {
  readonly at: number;
  readonly whole: number;
  /** null: an element of a slice. */
  readonly type: t.GoType | null;
}

type Store = PointerStore | ValueStore;
/** A store; a call; a store without a pointer; a check that something is not nil, or an index in range. */
type Part = Store | (() => void) | "plain" | "check";

/**
 * The runs and calls that a list of statements is made of, as the compiler finds them, from the end on: a run is ended by a
 * check or a call, by the third store in a row without a pointer, and by the first one in front of a copy.
 */
function runsOf(parts: readonly Part[]): (Store[] | (() => void))[] {
  const runs: (Store[] | (() => void))[] = [];
  let run: Store[] = [];
  let plain = 0;
  let hasCopy = false;
  const end = () => {
    if (run.length > 0) runs.unshift(run);
    run = [];
    hasCopy = false;
  };
  for (const part of parts.toReversed()) {
    if (part === "plain") {
      plain++;
      if (plain > 2 || hasCopy) end();
    } else if (part === "check") {
      end();
    } else if (typeof part === "function") {
      end();
      runs.unshift(part);
    } else {
      run.unshift(part);
      plain = 0;
      hasCopy ||= "typ" in part && part.src !== NIL;
    }
  }
  end();
  return runs;
}

/** The objects and variables of the recorded program. */
class Program {
  readonly #m: Memory = bootHeap();
  readonly #objects: number[];
  readonly #slice: number;
  readonly #base: number;

  constructor(objects: number) {
    const m = this.#m;
    this.#objects = Array.from({ length: objects }, () => mallocgc(m, node.size, this.#descriptor(node), true));
    this.#slice = mallocgc(m, 8 * sliceLen, this.#descriptor(t.pointer(node)), true);
    this.#base = data(m);
    setEdata(m, globals.size);
    for (const [i, isPointer] of pointerWords(globals).entries()) {
      if (isPointer) m.u8[gcdatamask(m) + (i >> 3)] |= 1 << (i & 7);
    }
  }

  /** Does what the scenario says. @returns what the buffer holds then, in the recording's words */
  run(scenario: Value): string[] {
    const m = this.#m;
    for (const pair of scenario.get("before").list()) {
      const [slot, value] = pair.list(2);
      storePointer(m, this.#place(slot).at, this.#object(value));
    }
    const parts = this.#parts(scenario.get("does").list()); // what is copied from is made before the barrier is on
    m.i32[writeBarrier(m) >> 2] = 1;
    for (const run of runsOf(parts)) {
      if (typeof run === "function") run();
      else storeRun(m, run);
    }
    m.i32[writeBarrier(m) >> 2] = 0;
    return this.#recorded();
  }

  /** The statements as the compiler has them: stores, calls, and what else stands between them. */
  #parts(does: readonly Value[]): Part[] {
    const m = this.#m;
    const parts: Part[] = [];
    const known = new Set<number>(); // objects that were looked at before: they are not nil
    const check = (object: number) => {
      if (!known.has(object)) parts.push("check");
      known.add(object);
    };
    for (const step of does) {
      const op = step.get("op").text();
      if (op === "local" || op === "selfStore") continue;
      if (op === "noPointer") {
        check(this.#objects[0]);
        parts.push("plain");
        continue;
      }
      const slots = step.get("slots").list();
      const { at, whole, type } = this.#place(slots[0]);
      if (op === "store") {
        const values = step.get("new").list(slots.length);
        for (const [i, slot] of slots.entries()) {
          const place = this.#place(slot);
          if (place.type === node) check(place.whole);
          if (place.type === null) parts.push("check"); // of the index
          parts.push(this.#store(slot, values[i]));
        }
        continue;
      }
      if (op !== "copy" && op !== "clear") step.get("op").fail("a known operation is wanted");
      const src = op === "copy" ? this.#source(step) : NIL;
      const n = slots.length;
      if (type === null) {
        const typ = this.#descriptor(t.pointer(node));
        if (op === "copy") parts.push(() => void typedslicecopy(m, typ, at, n, src, n));
        else parts.push(() => memclrHasPointers(m, at, 8 * n));
        continue;
      }
      if (op === "copy") parts.push("check"); // of the pointer to what is copied
      if (type === node) check(whole);
      parts.push({ typ: this.#descriptor(type), dst: whole, src });
    }
    return parts;
  }

  #store(slot: Value, value: Value): PointerStore {
    const name = value.text();
    return { slot: this.#place(slot).at, to: this.#object(value), isConstant: name === "nil", variable: name };
  }

  /** For a copy: a value to copy from, with the new pointers in it. */
  #source(step: Value): number {
    const m = this.#m;
    const slots = step.get("slots").list();
    const values = step.get("new").list(slots.length);
    const { at, whole, type } = this.#place(slots[0]);
    const from = mallocgc(m, type?.size ?? 8 * slots.length, this.#descriptor(type ?? t.pointer(node)), true);
    for (const [i, slot] of slots.entries()) {
      const offset = this.#place(slot).at - (type === null ? at : whole);
      storePointer(m, from + offset, this.#object(values[i]));
    }
    return from;
  }

  #place(slot: Value): Place {
    const name = slot.text();
    const [, object, field] = /^(\d+)\.(\w+)$/.exec(name) ?? [];
    if (object !== undefined) {
      const whole = this.#objects[Number(object)] ?? slot.fail("there is no such object");
      return { at: whole + pointerIn(node, field, slot), whole, type: node };
    }
    const [, variable, part] = /^(\w+)(?:\.(\w+)|\[\d+\])?$/.exec(name) ?? [];
    const index = Number(/\[(\d+)\]$/.exec(name)?.[1] ?? 0);
    if (variable === "gslice") {
      if (index >= sliceLen) slot.fail(`an index below ${sliceLen} is wanted`);
      return { at: this.#slice + 8 * index, whole: this.#slice, type: null };
    }
    const found = globals.fields.find((f) => f.name === variable) ?? slot.fail("a known slot is wanted");
    const whole = this.#base + found.offset;
    if (part !== undefined) return { at: whole + pointerIn(found.type, part, slot), whole, type: found.type };
    if (index > 3 || (index > 0 && found.type !== four)) slot.fail("there is no such element");
    return { at: this.#base + pointerIn(globals, variable, slot) + 8 * index, whole, type: found.type };
  }

  #object(value: Value): number {
    const name = value.text();
    if (name === "nil") return NIL;
    return this.#objects[Number(name)] ?? value.fail('the number of an object, or "nil", is wanted');
  }

  #recorded(): string[] {
    const m = this.#m;
    const b = p.wbBuf(m.p);
    const names: string[] = [];
    for (let at = wb.buf(b); at < wb.next(m, b); at += 8) {
      const off = loadPointer(m, at);
      names.push(off === NIL ? "nil" : String(this.#objects.indexOf(off)));
    }
    return names;
  }

  #descriptor(type: t.GoType): Type {
    return writeDescriptor(this.#m, type);
  }
}

/** Offset of the pointer word of a field: an interface's is its second. */
function pointerIn(type: t.GoType, field: string | undefined, slot: Value): number {
  const found = type.fields.find((f) => f.name === field) ?? slot.fail("there is no such field");
  return found.offset + (found.type.kind === t.Kind.Interface ? 8 : 0);
}
