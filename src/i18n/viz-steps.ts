/** Words of a film. */
const en = {
  caption: (n: number) => `What happens, in ${n} steps`,
  step: (i: number, n: number) => `Step ${i} of ${n}: `,
  all: "All steps",
  label: "Step",
  previous: "Step back",
  next: "Step forward",
};

const zh: typeof en = {
  caption: (n) => `经过，共 ${n} 步`,
  step: (i, n) => `第 ${i} / ${n} 步：`,
  all: "全部步骤",
  label: "步",
  previous: "上一步",
  next: "下一步",
};

export const stepsWords = { en, zh } as const;
