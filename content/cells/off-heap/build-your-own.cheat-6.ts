//zh 没有空隙就说没有：一块也不给
//en says that there is no room, and gives nothing
const make = () => {
  const malloc = (_size: number): number => -1;
  const free = (_at: number): void => {};
  return { malloc, free };
};
