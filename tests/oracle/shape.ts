/** Typed reading of a recorded line: a value of the wrong type is malformed input, told with its place. */
import { Malformed, type RecordedLine, type Recording } from "./read.ts";

/** A value inside a line, with the path that leads to it. */
export class Value {
  readonly #recording: Recording;
  readonly #line: RecordedLine;
  readonly #path: string;
  readonly #value: unknown;

  constructor(recording: Recording, line: RecordedLine, path = "", value: unknown = line.value) {
    this.#recording = recording;
    this.#line = line;
    this.#path = path;
    this.#value = value;
  }

  /** What was recorded, for a comparison that takes any value. */
  get raw(): unknown {
    return this.#value;
  }

  /** `line` counts from 1. */
  get line(): number {
    return this.#line.line;
  }

  has(name: string): boolean {
    return typeof this.#value === "object" && this.#value !== null && Object.hasOwn(this.#value, name);
  }

  get(name: string): Value {
    if (!this.has(name)) this.fail(`there is no "${name}"`);
    const path = this.#path === "" ? name : `${this.#path}.${name}`;
    return new Value(this.#recording, this.#line, path, (this.#value as Record<string, unknown>)[name]);
  }

  /** The elements of a list; Go writes an empty one as null. @param length how many there must be */
  list(length?: number): Value[] {
    if (this.#value === null && !length) return [];
    if (!Array.isArray(this.#value)) return this.fail("a list is wanted");
    if (length !== undefined && this.#value.length !== length) this.fail(`a list of ${length} is wanted`);
    return this.#value.map((v, i) => new Value(this.#recording, this.#line, `${this.#path}[${i}]`, v));
  }

  /** A whole number that a double holds exactly, from `min` to `max`. */
  int(min = 0, max = Number.MAX_SAFE_INTEGER): number {
    const v = this.#value;
    if (typeof v === "number" && Number.isSafeInteger(v) && v >= min && v <= max) return v;
    return this.fail(`a whole number from ${min} to ${max} is wanted`);
  }

  /** Any double: a number, or one of "NaN", "+Inf", "-Inf". */
  float(): number {
    const v = this.#value;
    if (typeof v === "number") return v;
    if (v === "NaN") return Number.NaN;
    if (v === "+Inf" || v === "-Inf") return v === "+Inf" ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
    return this.fail('a number, "NaN", "+Inf" or "-Inf" is wanted');
  }

  /** A list of whole numbers, without a `Value` for each. */
  ints(min = 0, max = Number.MAX_SAFE_INTEGER): number[] {
    if (this.#value === null) return [];
    if (!Array.isArray(this.#value)) return this.fail("a list is wanted");
    for (const [i, v] of this.#value.entries()) {
      if (!Number.isSafeInteger(v) || v < min || v > max) this.list()[i].int(min, max);
    }
    return this.#value as number[];
  }

  text(): string {
    return typeof this.#value === "string" ? this.#value : this.fail("a string is wanted");
  }

  flag(): boolean {
    return typeof this.#value === "boolean" ? this.#value : this.fail("true or false is wanted");
  }

  /** An integer of up to 64 bits: a number, or a decimal string. */
  bigint(): bigint {
    if (typeof this.#value === "number" && Number.isSafeInteger(this.#value)) return BigInt(this.#value);
    if (typeof this.#value === "string" && /^-?\d{1,20}$/.test(this.#value)) return BigInt(this.#value);
    return this.fail("a whole number, or one as a decimal string, is wanted");
  }

  /** A bit word or address `"0x…"` as its two 32-bit halves. */
  word(): readonly [lo: number, hi: number] {
    const text = typeof this.#value === "string" && /^0x[0-9a-f]{1,16}$/.test(this.#value) ? this.#value : null;
    if (text === null) return this.fail('a word of up to 64 bits, "0x…", is wanted');
    const digits = text.slice(2).padStart(16, "0");
    return [Number.parseInt(digits.slice(8), 16) | 0, Number.parseInt(digits.slice(0, 8), 16) | 0];
  }

  fail(what: string): never {
    const at = this.#path === "" ? "the line" : this.#path;
    const seen = JSON.stringify(this.#value) ?? "nothing";
    const short = seen.length > 60 ? `${seen.slice(0, 57)}...` : seen;
    const todo = "record the file again, or see tests/oracle/recordings/README.md for its kind";
    throw new Malformed(this.#recording.file, this.line, `${at} is ${short}: ${what}`, todo);
  }
}
