/** Words of charts. */
const en = {
  caption: "Chart",
  data: "The same as a table",
  empty: "No points to draw.",
  bad: "A chart needs finite numbers.",
  badLog: "A logarithmic axis needs numbers above 0.",
  say: (name: string, n: number, from: string, to: string) => `${name}: ${n} points, from ${from} to ${to}.`,
};

const zh: typeof en = {
  caption: "图表",
  data: "同样的数据，用表格看",
  empty: "没有可画的点。",
  bad: "图表里的数必须是有限的。",
  badLog: "对数坐标的数必须大于 0。",
  say: (name, n, from, to) => `${name}：${n} 个点，从 ${from} 到 ${to}。`,
};

export const chartWords = { en, zh } as const;
