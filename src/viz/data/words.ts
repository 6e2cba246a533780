/** Which words of a type are pointers, as data. */
import {
  type At,
  bool,
  captionOf,
  field,
  int,
  list,
  optional,
  PictureFault,
  text,
  type Words,
  words,
} from "../read.ts";

/** Bytes of a word. */
export const WORD = 8;
/** Most words of one type that are drawn. */
export const MAX_WORDS = 512;

export interface TypeWords {
  readonly name: Words;
  readonly bytes: number;
  /** One digit a word: 1 a pointer. Words beyond the last digit hold none. */
  readonly pointers: string;
  /** True when a type word stands in front of the object. */
  readonly header?: boolean;
  /** Where the collector finds this map. */
  readonly place?: Words;
}
export interface WordsPicture {
  readonly kind: "words";
  readonly caption?: Words;
  readonly types: readonly TypeWords[];
}

/** @throws {PictureFault} */
export function readWords(at: At): WordsPicture {
  const types = list(
    field(at, "types"),
    (t) => {
      const bytes = int(field(t, "bytes"), 0, 2 ** 40);
      const where = `${t.where}.pointers`;
      const pointers = text(field(t, "pointers"), MAX_WORDS + 1);
      if (!/^[01]*$/.test(pointers)) throw new PictureFault(where, "kind");
      if (pointers.length > Math.max(Math.ceil(bytes / WORD), 0)) throw new PictureFault(where, "range");
      return {
        name: words(field(t, "name")),
        bytes,
        pointers,
        ...optional(t, "header", bool),
        ...optional(t, "place", words),
      };
    },
    32,
    1,
  );
  return { kind: "words", ...captionOf(at), types };
}

/** Pointer maps of types, a row each. */
export function wordsOf(
  rows: readonly TypeWords[],
  options: { readonly caption?: Words | undefined } = {},
): WordsPicture {
  return {
    kind: "words",
    ...(options.caption === undefined ? {} : { caption: options.caption }),
    types: rows.map(({ name, bytes, pointers, header, place }) => ({
      name,
      bytes,
      pointers: pointers.slice(0, MAX_WORDS),
      ...(header === undefined ? {} : { header }),
      ...(place === undefined ? {} : { place }),
    })),
  };
}
