/** Axes over round figures, and figures as text. */

/** Ends and steps of an axis that covers lo..hi in round figures, about `n` steps. */
export function niceAxis(lo: number, hi: number, n = 4): { lo: number; hi: number; ticks: number[] } {
  const span = Math.max(hi - lo, Math.max(Math.abs(lo), Math.abs(hi)) * 1e-9) || 1;
  const raw = span / n;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * ([1, 2, 5, 10].find((f) => f * power >= raw * 0.999) ?? 10);
  const first = Math.floor(lo / step + 1e-9);
  const last = Math.max(Math.ceil(hi / step - 1e-9), first + 1);
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
  return { lo: ticks[0], hi: ticks[ticks.length - 1], ticks };
}

/** Powers of ten around lo..hi; both above 0. */
export function logAxis(lo: number, hi: number): { lo: number; hi: number; ticks: number[] } {
  const first = Math.floor(Math.log10(lo) + 1e-9);
  const last = Math.max(Math.ceil(Math.log10(hi) - 1e-9), first + 1);
  const skip = Math.ceil((last - first) / 6);
  const ticks: number[] = [];
  for (let e = first; e < last + skip; e += skip) ticks.push(10 ** e);
  return { lo: ticks[0], hi: ticks[ticks.length - 1], ticks };
}

/** A figure as short as it can be without lying: 32768, 0.25, 1e12. */
export function figure(x: number): string {
  if (x !== 0 && (Math.abs(x) >= 1e9 || Math.abs(x) < 1e-4)) return x.toExponential().replace("e+", "e");
  return String(Number(x.toPrecision(12)));
}
