/**
 * Numbers as the runtime prints them, in traces and in the words of a crash.
 *
 * Go 1.26: runtime/print.go (printfloat64, printint).
 * Differs: each gives its text instead of writing it.
 */
import { hi64, type Int64, lo64 } from "../memory/int64.ts";

/** A float: the fewest digits that read back to it; with an exponent below 0.0001, and from 1000000 on. */
export function printfloat64(v: number): string {
  if (Number.isNaN(v)) return "NaN";
  if (!Number.isFinite(v)) return v > 0 ? "+Inf" : "-Inf";
  if (v === 0) return Object.is(v, -0) ? "-0" : "0";
  const [mantissa, exponent] = v.toExponential().split("e");
  const power = Number(exponent);
  if (power >= -4 && power < 6) return String(v);
  return `${mantissa}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
}

/** An int64 in digits. */
export function printint(v: Int64): string {
  return typeof v === "number" ? String(v) : String(BigInt.asIntN(64, (BigInt(hi64(v)) << 32n) | BigInt(lo64(v))));
}
