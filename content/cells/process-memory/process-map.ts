type Row = { kind: string; from: string; to: string };
//zh 真实的 Go 1.26.8：一个进程的全部映射，放大到 sink
//en the real Go 1.26.8: a process’s mappings, zoomed in on sink
const { mappings, addresses } = recorded(
  "process-1",
  "P2",
  "seen",
);
const kinds: Record<string, string> = { arena: "heap" };
const rows = (mappings as Row[]).map((row) => {
  const { kind, from, to } = row;
  return { name: kind, kind: kinds[kind] ?? kind, from, to };
});
const [{ address: at }] = addresses.filter(
  (a: { what: string }) => a.what === "sink",
);
show.map(rows, { at });
