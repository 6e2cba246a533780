//zh 空隙按地址排好，取第一个够大的；释放时与相邻的合并
//en gaps in address order, the first that fits; freed ones join
const make = () => {
  const sizes = new Map<number, number>();
  const gaps = [{ at: 0, size: 2 ** 40 }];
  const malloc = (size: number): number => {
    const need = Math.ceil(size / 8) * 8;
    const k = gaps.findIndex((gap) => gap.size >= need);
    const gap = gaps[k];
    const { at } = gap;
    sizes.set(at, need);
    gap.at += need;
    gap.size -= need;
    if (gap.size === 0) gaps.splice(k, 1);
    return at;
  };
  const free = (at: number): void => {
    const size = sizes.get(at) ?? 0;
    sizes.delete(at);
    const k = gaps.findIndex((gap) => gap.at > at);
    gaps.splice(k, 0, { at, size });
    for (const i of [k, k - 1]) {
      const [low, high] = [gaps[i], gaps[i + 1]];
      if (!low || !high || low.at + low.size !== high.at)
        continue;
      low.size += high.size;
      gaps.splice(i + 1, 1);
    }
  };
  return { malloc, free };
};
