//zh 真实的 Go：五个进程里，第一个大对象所在的 arena
//en the real Go: the arena of the first large object, 5 times
const { seen, values } = recorded("facts-1", "F3");
const rows = (seen.default as string[]).map((arena) => {
  return { build: "Go 1.26.8", arena };
});
const { arena } = values.norandomizedheapbase64;
rows.push({ build: "norandomizedheapbase64", arena });
table(rows, { turn: 5 });
