/** What a comparison comes to: counts for each kind, and the first thing that differs. */

/** Where an adapter stands: what is compared next belongs to this operation. */
export interface Place {
  file: string;
  line: number;
  operation: number;
  phase: string;
}

export interface Mismatch extends Readonly<Place> {
  readonly field: string;
  readonly expected: unknown;
  readonly got: unknown;
}

/** One kind's account. An adapter calls `begin` for each case, `operation` for each step, `same` for each answer. */
export class Tally {
  readonly kind: string;
  files = 0;
  cases = 0;
  operations = 0;
  /** Comparisons and mismatches by phase. */
  readonly phases = new Map<string, { compared: number; mismatches: number }>();
  readonly firsts = new Map<string, Mismatch>();
  /** Cases that the adapter does not know how to replay, by what they are called. */
  readonly notReplayed = new Map<string, number>();
  readonly #at: Place = { file: "", line: 0, operation: 0, phase: "" };

  constructor(kind: string) {
    this.kind = kind;
  }

  /** A case begins. @param phase the part of a case that what follows belongs to */
  begin(file: string, line: number, phase: string): void {
    this.cases++;
    Object.assign(this.#at, { file, line, operation: -1, phase });
  }

  /** What follows belongs to another part of the same case. */
  phase(phase: string): void {
    this.#at.phase = phase;
  }

  /** The next operation of the case, counted from 0. */
  operation(): void {
    this.operations++;
    this.#at.operation++;
  }

  /** The case is one that the adapter knows nothing about: it is no mismatch, and nothing of it was compared. */
  leaveOut(name: string): void {
    this.notReplayed.set(name, (this.notReplayed.get(name) ?? 0) + 1);
  }

  /** Compares one answer. @returns true when it is as recorded */
  same(field: string, expected: unknown, got: unknown): boolean {
    const phase = this.#phase();
    phase.compared++;
    if (isSame(expected, got)) return true;
    phase.mismatches++;
    if (!this.firsts.has(this.#at.phase)) this.firsts.set(this.#at.phase, { ...this.#at, field, expected, got });
    return false;
  }

  /** The engine broke: the case counts as one mismatch, and what it had still to do is not compared. */
  broke(error: unknown): void {
    this.same("error", "none", error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  }

  #phase(): { compared: number; mismatches: number } {
    const known = this.phases.get(this.#at.phase);
    if (known !== undefined) return known;
    const fresh = { compared: 0, mismatches: 0 };
    this.phases.set(this.#at.phase, fresh);
    return fresh;
  }
}

/** Equal as JSON values; floats bit for bit (NaN and infinities are strings there), lists and objects by content. */
export function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return a !== 0 || Object.is(a, b);
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((k) => Object.hasOwn(b, k) && isSame((a as never)[k], (b as never)[k]));
}
