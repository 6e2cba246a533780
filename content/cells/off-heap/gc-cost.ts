const { objects } = recorded("facts-1", "F16", "values");
const seen = recorded("facts-1", "F16", "seen");
//zh 真实 Go 的几次强制回收，单位毫秒；取中间那次
//en forced collections of the real Go in ms; the middle one
const middle = (ms: number[]) => ms[ms.length >> 1];
table([
  {
    data: `${objects} × new(T)`,
    ms: middle(seen.gcPointersMs),
  },
  {
    data: `make([]T, ${objects})`,
    ms: middle(seen.gcNoPointersMs),
  },
]);
