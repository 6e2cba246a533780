//zh 不对齐，省下取整的几个字节
//en no alignment, to save the bytes of rounding
const make = () => {
  let top = 0;
  const malloc = (size: number): number => {
    const at = top;
    top += size;
    return at;
  };
  const free = (_at: number): void => {};
  return { malloc, free };
};
