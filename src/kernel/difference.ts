/** Two texts line by line: what is the same, what was added, what is gone. */

export interface DiffLine {
  readonly text: string;
  readonly kind: "same" | "added" | "removed";
}

/** The shortest edit from `before` to `after`, by the longest common subsequence of lines. */
export function difference(before: string, after: string): DiffLine[] {
  const a = before.split("\n");
  const b = after.split("\n");
  // length[i][j]: lines that a[i..] and b[j..] have in common, in order
  const length = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      length[i]![j] = a[i] === b[j] ? length[i + 1]![j + 1]! + 1 : Math.max(length[i + 1]![j]!, length[i]![j + 1]!);
    }
  }
  const out: DiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      out.push({ text: a[i++]!, kind: "same" });
      j++;
    } else if (i < a.length && (j === b.length || length[i + 1]![j]! >= length[i]![j + 1]!)) {
      out.push({ text: a[i++]!, kind: "removed" });
    } else {
      out.push({ text: b[j++]!, kind: "added" });
    }
  }
  return out;
}

/** How many lines of `after` are not those of `before`, or how many are gone when none was added. */
export function changedLines(lines: readonly DiffLine[]): number {
  const added = lines.filter((line) => line.kind === "added").length;
  return added > 0 ? added : lines.filter((line) => line.kind === "removed").length;
}
