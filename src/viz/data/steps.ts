/**
 * A film: drawings that follow one another, each with its sentence, as data.
 *
 * Frames have most in common, so what they share is kept once: every list, record or long text that occurs a second
 * time becomes a part, and `{ "$": number }` stands in its place.
 *
 *   parts   [ "ffff00…", { …, allocBits: { $: 0 } }, … ]        a part names earlier parts only
 *   frames  [ { say, what: { kind: "heap", snapshot: { …, spans: [{ $: 1 }, …] } } }, … ]
 *
 * The reader weighs what the frames unfold to before it unfolds them, so that few bytes cannot ask for many; it reads
 * each as what it claims to be, and folds what it has read anew.
 */
import { type At, captionOf, field, list, PictureFault, type Words, words } from "../read.ts";

export interface StepsPicture {
  readonly kind: "steps";
  readonly caption?: Words;
  readonly parts: readonly unknown[];
  readonly frames: readonly Step[];
}
export interface Step {
  readonly say: Words;
  /** A drawing; in a picture with its shared parts taken out. */
  readonly what: unknown;
}

const MAX_FRAMES = 200;
const MAX_PARTS = 50_000;
/** Values of all frames together, unfolded; 16 characters of a text count as one. */
const MAX_VALUES = 1_000_000;
/** What is written shorter than this is not worth a part. */
const WORTH = 24;

type Fields = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

interface Node {
  readonly value: unknown;
  /** Ids of what it holds, in order. */
  readonly inner: readonly number[];
  uses: number;
  /** What stands for it, once made. */
  out?: unknown;
}

/** Frames with what they share taken out. The values are JSON: text, numbers, lists and plain records. */
export function fold(frames: readonly Step[]): { parts: unknown[]; frames: Step[] } {
  const nodes: Node[] = [];
  const ids = new Map<string, number>();
  /** The id of a value: equal values have the same. */
  const intern = (value: unknown): number => {
    const inner = Array.isArray(value) ? value.map(intern) : isRecord(value) ? Object.values(value).map(intern) : [];
    const key = Array.isArray(value)
      ? `[${inner.join()}`
      : isRecord(value)
        ? `{${JSON.stringify(Object.keys(value))}${inner.join()}`
        : (JSON.stringify(value) ?? "null");
    let id = ids.get(key);
    if (id === undefined) {
      id = nodes.push({ value, inner, uses: 0 }) - 1;
      ids.set(key, id);
      for (const i of inner) nodes[i].uses++;
    }
    return id;
  };
  const roots = frames.map((f) => intern(f.what));
  for (const id of roots) nodes[id].uses++;

  const parts: unknown[] = [];
  const make = (id: number): unknown => {
    const node = nodes[id];
    if (node.out !== undefined) return node.out;
    const { value } = node;
    let out: unknown = value;
    if (Array.isArray(value)) out = node.inner.map(make);
    else if (isRecord(value)) out = Object.fromEntries(Object.keys(value).map((k, i) => [k, make(node.inner[i])]));
    const isShared = node.uses > 1 && (JSON.stringify(out)?.length ?? 0) > WORTH;
    node.out = isShared ? { $: parts.push(out) - 1 } : out;
    return node.out;
  };
  const folded = frames.map((f, i) => ({ say: f.say, what: make(roots[i]) }));
  return { parts, frames: folded };
}

/** The number of the part that a value stands for, or -1. */
export function partOf(value: unknown): number {
  return isRecord(value) && Object.hasOwn(value, "$") && Number.isInteger(value["$"]) ? (value["$"] as number) : -1;
}

/** A frame's drawing, whole. What is shared stays shared: the result must not be changed. */
export function unfold(parts: readonly unknown[], what: unknown): unknown {
  const made = new Map<number, unknown>();
  const make = (value: unknown): unknown => {
    const part = partOf(value);
    if (part >= 0) {
      if (!made.has(part)) made.set(part, make(parts[part]));
      return made.get(part);
    }
    if (Array.isArray(value)) return value.map(make);
    if (isRecord(value)) return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, make(v)]));
    return value;
  };
  return make(what);
}

/** How many values each part and frame unfolds to. @throws {PictureFault} for a part that names a later one */
function weigh(parts: readonly unknown[], frames: readonly { what: unknown }[]): number {
  const weights: number[] = [];
  const weight = (value: unknown, where: string, depth: number): number => {
    const part = partOf(value);
    if (part >= weights.length || depth > 16) throw new PictureFault(where, "order");
    if (part >= 0) return weights[part];
    if (typeof value === "string") return 1 + (value.length >> 4);
    if (!Array.isArray(value) && !isRecord(value)) return 1;
    let sum = 1;
    for (const v of Object.values(value)) sum += weight(v, where, depth + 1);
    return Math.min(sum, 2 * MAX_VALUES);
  };
  for (const [i, p] of parts.entries()) weights.push(weight(p, `parts[${i}]`, 0));
  return frames.reduce((n, f, i) => n + weight(f.what, `frames[${i}]`, 0), 0);
}

/** @param parse reads one drawing. @throws {PictureFault} */
export function readSteps(at: At, parse: (value: unknown) => unknown): StepsPicture {
  const parts = list(field(at, "parts"), (p) => p.value, MAX_PARTS);
  const frames = list(
    field(at, "frames"),
    (f) => ({ say: words(field(f, "say")), what: field(f, "what").value }),
    MAX_FRAMES,
    1,
  );
  if (weigh(parts, frames) > MAX_VALUES) throw new PictureFault("frames", "range");
  const read = frames.map((f, i) => {
    try {
      return { say: f.say, what: parse(unfold(parts, f.what)) };
    } catch (e) {
      if (e instanceof PictureFault) throw new PictureFault(`frames[${i}].${e.where}`, e.why);
      throw e;
    }
  });
  return { kind: "steps", ...captionOf(at), ...fold(read) };
}

/** Drawings made with `.of`, one a step. Beyond 200 the middle ones are left out evenly. */
export function stepsOf(
  frames: readonly { readonly say: Words; readonly picture: unknown }[],
  options: { readonly caption?: Words | undefined } = {},
): StepsPicture {
  const { caption } = options;
  const skip = Math.ceil(frames.length / (MAX_FRAMES - 1));
  const kept = skip <= 1 ? frames : frames.filter((_, i) => i % skip === 0 || i === frames.length - 1);
  return {
    kind: "steps",
    ...(caption === undefined ? {} : { caption }),
    ...fold(kept.map(({ say, picture }) => ({ say, what: JSON.parse(JSON.stringify(picture)) as unknown }))),
  };
}
