/** What a chapter's cells need to come alive: one file a chapter, for both languages, fetched at the first touch. */

import type { Control, Output, Said } from "./protocol.ts";

/** By cell id, `<chapter>/<cell>`. */
export type ChapterData = Readonly<Record<string, CellData>>;

export interface CellData {
  readonly script: string;
  readonly declares: readonly string[];
  readonly reads: readonly string[];
  readonly touches: readonly string[];
  readonly hash: string;
  readonly check?: { readonly script: string; readonly declares: readonly string[] };
  /** Parts of recordings that the program asks for, as JSON by key; absent when it asks for none. */
  readonly recorded?: Readonly<Record<string, string>>;
  /** What is said to each guess, in order; absent when nothing is predicted. */
  readonly answers?: readonly Said[];
  readonly controls: readonly Control[];
  /** The recorded outputs that answer the hand, by their place; the others are in the markup alone. */
  readonly live: Readonly<Record<number, Output>>;
}
