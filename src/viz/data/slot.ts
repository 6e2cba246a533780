/** The bytes of one slot from moment to moment, as data. */
import { type At, bits, bool, captionOf, field, list, PictureFault, type Words, words } from "../read.ts";

/** Most bytes of a slot that are drawn. */
export const SLOT_BYTES = 128;

export interface SlotMoment {
  readonly say: Words;
  /** mspan.needzero at that moment. */
  readonly needzero: boolean;
  /** Two hexadecimal digits a byte. */
  readonly bytes: string;
}
export interface SlotPicture {
  readonly kind: "slot";
  readonly caption?: Words;
  readonly moments: readonly SlotMoment[];
}

/** @throws {PictureFault} */
export function readSlot(at: At): SlotPicture {
  const moments = list(
    field(at, "moments"),
    (m) => ({
      say: words(field(m, "say")),
      needzero: bool(field(m, "needzero")),
      bytes: bits(field(m, "bytes"), 8).slice(0, 2 * SLOT_BYTES),
    }),
    24,
    1,
  );
  const { length } = moments[0].bytes;
  for (const [i, m] of moments.entries())
    if (m.bytes.length !== length || length % 2 !== 0) throw new PictureFault(`moments[${i}].bytes`, "short");
  return { kind: "slot", ...captionOf(at), moments };
}

export interface SlotRow {
  readonly say: Words;
  readonly needzero: boolean | number;
  /** As `go.slotBytes` gives them; or words as `go.words` gives them, "0x…" each, lowest address first. */
  readonly bytes: string | readonly string[];
}

/** One slot's bytes, a row a moment. */
export function slotOf(rows: readonly SlotRow[], options: { readonly caption?: Words | undefined } = {}): SlotPicture {
  return {
    kind: "slot",
    ...(options.caption === undefined ? {} : { caption: options.caption }),
    moments: rows.map(({ say, needzero, bytes }) => ({
      say,
      needzero: needzero === true || needzero === 1,
      bytes: (typeof bytes === "string" ? bytes.replace(/^0x/, "") : bytes.map(bytesOfWord).join("")).slice(
        0,
        2 * SLOT_BYTES,
      ),
    })),
  };
}

/** The eight bytes of a word as they lie in memory, the lowest first. */
function bytesOfWord(word: string): string {
  const digits = word.replace(/^0x/, "").padStart(16, "0");
  return Array.from({ length: 8 }, (_, i) => digits.slice(14 - 2 * i, 16 - 2 * i)).join("");
}
