//zh strips 来自上面的单元格；各看最前面的 512 字节
//en strips comes from the cell above; here the first 512 bytes
declare const strips: readonly {
  name: string;
  all: readonly { at: number; size: number }[];
}[];
const bytes = 512;
const kind = "live" as const;
const rows = strips.map(({ name, all }) => {
  const low = all.filter(({ at, size }) => at + size <= bytes);
  const blocks = low.slice(1).map((one) => ({ ...one, kind }));
  return { name, bytes, blocks };
});
show.strip(rows);
