//zh 只切不合：空隙越切越碎
//en splits and never joins: the gaps get shorter and shorter
const make = () => {
  let top = 0;
  const sizes = new Map<number, number>();
  const gaps: { at: number; size: number }[] = [];
  const malloc = (size: number): number => {
    const need = Math.ceil(size / 8) * 8;
    const gap = gaps.find((one) => one.size >= need);
    const at = gap?.at ?? top;
    sizes.set(at, need);
    if (gap === undefined) top += need;
    else {
      gap.at += need;
      gap.size -= need;
      if (gap.size === 0) gaps.splice(gaps.indexOf(gap), 1);
    }
    return at;
  };
  const free = (at: number): void => {
    gaps.push({ at, size: sizes.get(at) ?? 0 });
  };
  return { malloc, free };
};
