type Row = { kind: string; from: string; to: string };
//zh 真实的 Go：/proc/self/maps 里的每一段，按用途相加
//en the real Go: every line of /proc/self/maps, summed by use
const { seen } = recorded("process-1", "P2");
const sizes = new Map<string, number>();
for (const { kind, from, to } of seen.mappings as Row[]) {
  const bytes = Number(to) - Number(from);
  sizes.set(kind, (sizes.get(kind) ?? 0) + bytes);
}
const rows = [...sizes]
  .map(([kind, n]) => [kind, Math.round(n / 104857.6) / 10])
  .filter(([, mib]) => Number(mib) > 0)
  .sort((a, b) => Number(b[1]) - Number(a[1]));
table(rows, { columns: ["", "MiB"] });
