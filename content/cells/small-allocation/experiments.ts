//zh 问真实的 Go：哪些实验默认打开，哪些有名字却没有打开
//en asked of the real Go: what is on, and what has only a name
const on = recorded("facts-1", "F18", "values.on");
const off = recorded("facts-1", "F18", "values.offButKnown");

const rows = [...on, ...off].map((experiment) => {
  return { experiment, on: on.includes(experiment) };
});
table(rows, { turn: on.length });
