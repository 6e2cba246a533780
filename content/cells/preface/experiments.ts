//zh 编译 Go 时的实验开关，go1.26.8 的默认值
//en experiments that Go is built with: the defaults of go1.26.8
const { on, offButKnown } = recorded(
  "facts-1",
  "F18",
  "values",
);
const names = [...on, ...offButKnown].sort();
table(
  names.map((experiment) => ({
    experiment,
    default: on.includes(experiment) ? "on" : "off",
  })),
);
