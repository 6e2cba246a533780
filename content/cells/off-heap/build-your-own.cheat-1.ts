//zh 取整到 2 的幂，一种大小一条空闲链
//en powers of two, a free list for each
const make = () => {
  let top = 0;
  const lists = new Map<number, number[]>();
  const sizes = new Map<number, number>();
  const malloc = (size: number): number => {
    let need = 8;
    while (need < size) need *= 2;
    const again = lists.get(need)?.pop();
    if (again !== undefined) return again;
    sizes.set(top, need);
    top += need;
    return top - need;
  };
  const free = (at: number): void => {
    const size = sizes.get(at) ?? 0;
    lists.set(size, [...(lists.get(size) ?? []), at]);
  };
  return { malloc, free };
};
