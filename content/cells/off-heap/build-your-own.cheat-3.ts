//zh 刚释放的直接发出去，不看大小
//en hands out what was freed last, whatever its size
const make = () => {
  let top = 0;
  const freed: number[] = [];
  const malloc = (size: number): number => {
    const again = freed.pop();
    if (again !== undefined) return again;
    const at = top;
    top += Math.ceil(size / 8) * 8;
    return at;
  };
  const free = (at: number): void => {
    freed.push(at);
  };
  return { malloc, free };
};
