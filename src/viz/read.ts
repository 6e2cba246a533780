/**
 * Readers of untrusted values: each takes a value with the name of its place and gives a clean copy, or throws a
 * `PictureFault` that names the place and says what is wrong with it.
 *
 * Own properties of the expected type only, numbers in range, texts and lists of capped length.
 */

/** The page's language. */
export type Lang = "zh" | "en";

/** Words in both languages; a plain string is the same in both. */
export type Words = string | { readonly zh: string; readonly en: string };

/** A picture cannot be drawn: which field is wrong, and how. */
export class PictureFault extends Error {
  override readonly name = "PictureFault";
  readonly where: string;
  readonly why: FaultKind;

  constructor(where: string, why: FaultKind) {
    super(`${where}: ${why}`);
    this.where = where;
    this.why = why;
  }
}

/** `kind` not the expected type, `range` outside what is possible, `hex` not hexadecimal digits, `short` too few of them. */
export type FaultKind = "kind" | "range" | "hex" | "short" | "order";

/** A value that is being read, with the name of its place. */
export interface At {
  readonly value: unknown;
  readonly where: string;
}

/** Own property `key` of an object; `undefined` when there is none. */
export function field(at: At, key: string): At {
  const { value, where } = at;
  if (typeof value !== "object" || value === null) throw new PictureFault(where || "picture", "kind");
  return {
    value: Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined,
    where: where ? `${where}.${key}` : key,
  };
}

/** A whole number from `min` to `max`. */
export function int({ value, where }: At, min = 0, max = Number.MAX_SAFE_INTEGER): number {
  if (typeof value !== "number") throw new PictureFault(where, "kind");
  if (!Number.isSafeInteger(value) || value < min || value > max) throw new PictureFault(where, "range");
  return value;
}

/** A finite number from `min` to `max`. */
export function real({ value, where }: At, min = -1e15, max = 1e15): number {
  if (typeof value !== "number") throw new PictureFault(where, "kind");
  if (!(value >= min && value <= max)) throw new PictureFault(where, "range");
  return value;
}

export function bool({ value, where }: At): boolean {
  if (typeof value !== "boolean") throw new PictureFault(where, "kind");
  return value;
}

export function text({ value, where }: At, max = 400): string {
  if (typeof value !== "string") throw new PictureFault(where, "kind");
  return value.length > max ? `${value.slice(0, max)}…` : value;
}

export function words(at: At): Words {
  if (typeof at.value !== "object") return text(at);
  return { zh: text(field(at, "zh")), en: text(field(at, "en")) };
}

export function oneOf<const T extends string>({ value, where }: At, names: readonly T[]): T {
  if (typeof value !== "string") throw new PictureFault(where, "kind");
  if (!names.includes(value as T)) throw new PictureFault(where, "range");
  return value as T;
}

export function list<T>({ value, where }: At, read: (at: At) => T, max: number, min = 0): T[] {
  if (!Array.isArray(value)) throw new PictureFault(where, "kind");
  if (value.length > max || value.length < min) throw new PictureFault(`${where}.length`, "range");
  return Array.from(value, (v: unknown, i) => read({ value: v, where: `${where}[${i}]` }));
}

/** `{ key: read(...) }`, or nothing when the property is absent. */
export function optional<K extends string, T>(at: At, key: K, read: (at: At) => T): { [P in K]?: T } {
  const f = field(at, key);
  return (f.value === undefined ? {} : { [key]: read(f) }) as { [P in K]?: T };
}

/** An address or a 64-bit word: "0x" and 1 to 16 digits. */
export function address({ value, where }: At): string {
  if (typeof value !== "string") throw new PictureFault(where, "kind");
  if (!/^0x[0-9a-f]{1,16}$/i.test(value)) throw new PictureFault(where, "hex");
  return value.toLowerCase();
}

/** Null, or what `read` reads. */
export function nullable<T>(at: At, read: (at: At) => T): T | null {
  return at.value === null ? null : read(at);
}

/** The words with a picture, where it has any. */
export function captionOf(at: At): { caption?: Words } {
  return optional(at, "caption", words);
}

/** At least `n` bits as hexadecimal bytes, and not many more. */
export function bits({ value, where }: At, n: number): string {
  if (typeof value !== "string") throw new PictureFault(where, "kind");
  if (value.length < 2 * ((n + 7) >> 3)) throw new PictureFault(where, "short");
  if (value.length > 2 * ((n + 7) >> 3) + 64) throw new PictureFault(where, "range");
  if (!/^[0-9a-f]*$/i.test(value)) throw new PictureFault(where, "hex");
  return value;
}
