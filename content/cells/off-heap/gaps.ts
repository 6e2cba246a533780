//zh strips 来自上面的单元格；各看最前面的 6 KiB
//en strips comes from the cell above; here the first 6 KiB
declare const strips: readonly {
  name: string;
  all: readonly { at: number; size: number }[];
}[];
const bytes = 6144;
const kind = "live" as const;
const rows = strips.map(({ name, all }) => {
  const low = all.filter(({ at, size }) => at + size <= bytes);
  const blocks = low.slice(1).map((one) => ({ ...one, kind }));
  return { name, bytes, blocks };
});
show.strip(rows);
