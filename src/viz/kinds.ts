/** Kinds of drawings: what each is given, and which of them an output needs. */
import type { FunctionComponent } from "preact";
import type { ChartOutput, Output, TableOutput } from "../kernel/protocol.ts";
import { partOf } from "./data/steps.ts";
import type { Drawing, Picture, StepsPicture } from "./data.ts";
import type { Lang } from "./read.ts";

/** What there is a drawing for, by kind. */
interface Drawable {
  table: TableOutput;
  chart: ChartOutput;
}
type Given<K> = K extends keyof Drawable ? Drawable[K] : Extract<Picture | Drawing, { kind: K }>;

export type Kind = keyof Drawable | Drawing["kind"] | StepsPicture["kind"];

export interface DrawingProps<T> {
  readonly picture: T;
  readonly lang: Lang;
  /** In a film the same drawing a step earlier: what has changed since is marked. */
  readonly before?: T | undefined;
  /** The drawings that are there, for one that is made of others. */
  readonly drawings: Drawings;
}

export type Drawings = { readonly [K in Kind]?: FunctionComponent<DrawingProps<Given<K>>> };

/** The kinds of drawing that an output is made of. */
export function kindsOf(output: Output): Kind[] {
  if (output.kind === "table" || output.kind === "chart" || output.kind === "heap") return [output.kind];
  if (output.kind !== "picture") return [];
  const { picture } = output;
  return picture.kind === "steps" ? ["steps", ...new Set(filmKinds(picture))] : [picture.kind];
}

function filmKinds({ parts, frames }: StepsPicture): Kind[] {
  return frames.map(({ what }) => {
    const part = partOf(what);
    return ((part < 0 ? what : parts[part]) as Drawing).kind;
  });
}

/** Kinds that answer to pointer and keys. */
const LIVE: ReadonlySet<Kind> = new Set(["heap", "border", "pages", "timeline", "map", "strip", "steps"]);

/** True when a picture answers to pointer and keys, so that the page needs its data and `mount`. */
export function isInteractive(output: Output): boolean {
  return kindsOf(output).some((kind) => LIVE.has(kind));
}
