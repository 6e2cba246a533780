/**
 * Logarithms to base 2, roughly: for drawing the distance to the next heap sample.
 *
 * The first 5 bits behind the leading one choose two neighbours in a table, the next 20 a point between them.
 *
 * Go 1.26: runtime/fastlog2.go, runtime/fastlog2table.go.
 * Differs: only whole numbers from 1 to 2^26 are asked for and answered.
 */
const fastlogNumBits = 5;
const fastlogScaleBits = 20;
const fastlogScaleRatio = 1 / (1 << fastlogScaleBits);

/** Entry i is the logarithm of 1 + i/32, to all digits. */
const fastlog2Table = Float64Array.of(
  0,
  0.0443941193584535,
  0.08746284125033943,
  0.12928301694496647,
  0.16992500144231248,
  0.2094533656289499,
  0.24792751344358555,
  0.28540221886224837,
  0.3219280948873623,
  0.3575520046180837,
  0.39231742277876036,
  0.4262647547020979,
  0.4594316186372973,
  0.4918530963296748,
  0.5235619560570128,
  0.5545888516776374,
  0.5849625007211563,
  0.6147098441152082,
  0.6438561897747247,
  0.6724253419714956,
  0.7004397181410922,
  0.7279204545631992,
  0.7548875021634686,
  0.7813597135246596,
  0.8073549220576042,
  0.8328900141647417,
  0.8579809951275721,
  0.8826430493618412,
  0.9068905956085185,
  0.9307373375628862,
  0.9541963103868752,
  0.9772799234999164,
  1,
);

/** @param x an integer from 1 to 2^26 */
export function fastlog2(x: number): number {
  const exp = 31 - Math.clz32(x);
  const mantissa = (x - 2 ** exp) * 2 ** (52 - exp); // below 2^52, exact
  const index = Math.floor(mantissa / 2 ** (52 - fastlogNumBits));
  const scale = Math.floor(mantissa / 2 ** (52 - fastlogNumBits - fastlogScaleBits)) % 2 ** fastlogScaleBits;
  const low = fastlog2Table[index];
  const high = fastlog2Table[index + 1];
  return exp + low + (high - low) * scale * fastlogScaleRatio;
}
