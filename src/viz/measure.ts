/** Sizes and addresses as text. */

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"] as const;

/** A figure and its unit, which a line does not part. */
const KEPT = "\u00a0";

/** `3 KiB`, `1.25 MiB`, `8191 B`: whole where it is whole, else three figures. */
export function bytes(n: number): string {
  let unit = 0;
  let x = n;
  while (x >= 1024 && unit < UNITS.length - 1) {
    x /= 1024;
    unit++;
  }
  if (Number.isInteger(x)) return `${x}${KEPT}${UNITS[unit]}`;
  // Up to two digits behind the point; sizes below 10 KiB are more telling in bytes.
  if (n < 10_240) return `${Math.round(n)}${KEPT}B`;
  return `${Number(x.toPrecision(Math.max(3, String(Math.floor(x)).length)))}${KEPT}${UNITS[unit]}`;
}

/** A share in percent: `0%` and `100%` only when it is none or all. */
export function percent(part: number, whole: number): string {
  if (whole === 0 || part === 0) return "0%";
  const p = (100 * part) / whole;
  if (part === whole) return "100%";
  if (p < 1) return "<1%";
  // A half goes to the even side, so that two shares of a whole do not make 101.
  const rounded = p % 1 === 0.5 ? 2 * Math.round(p / 2) : Math.round(p);
  return `${Math.min(99, rounded)}%`;
}

/** One decimal, for coordinates. */
export function f1(x: number): number {
  return Math.round(x * 10) / 10;
}
