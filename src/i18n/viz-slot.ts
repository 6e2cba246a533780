/** Words of one slot's bytes over time. */
const bytes = (n: number) => `${n} ${n === 1 ? "byte" : "bytes"}`;

const en = {
  caption: (n: number) => `One slot of ${n} bytes, from moment to moment`,
  row: (n: number, nonzero: number, changed: number) =>
    `${bytes(n)}, ${nonzero === 0 ? "all zero" : `${nonzero} of them not zero`}${changed === 0 ? "" : `; ${changed} changed`}`,
  same: "no byte changed",
  changed: (n: number) => `${bytes(n)} changed`,
  say: (moments: number, writes: number) =>
    `${moments} moments; between ${writes} of them and the one before, bytes changed.`,
  keyZero: "zero",
  keyValue: "not zero",
  keyChanged: "changed since the moment before",
};

const zh: typeof en = {
  caption: (n) => `一个 ${n} 字节的槽，一刻一行`,
  row: (n, nonzero, changed) =>
    `${n} 个字节，${nonzero === 0 ? "全是零" : `${nonzero} 个不是零`}${changed === 0 ? "" : `；变了 ${changed} 个`}`,
  same: "一个字节没变",
  changed: (n) => `变了 ${n} 个字节`,
  say: (moments, writes) => `一共 ${moments} 个时刻，其中 ${writes} 个与前一刻相比，字节变了。`,
  keyZero: "零",
  keyValue: "不是零",
  keyChanged: "与前一刻相比变了",
};

export const slotWords = { en, zh } as const;
