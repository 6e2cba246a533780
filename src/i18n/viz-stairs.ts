/** Words of a staircase of paths. */
const en = {
  caption: "How often each path was taken",
  times: (n: string) => `${n} ${n === "1" ? "time" : "times"}`,
  ratio: (n: string) => `one in ${n} comes here`,
  share: (p: string) => `${p} come here`,
  never: "never",
  scale: "logarithmic",
  say: (name: string, count: string, last: string, lastCount: string) =>
    `From ${name}, ${count}, down to ${last}, ${lastCount}.`,
  columns: ["path", "times", "per step above"] as readonly string[],
};

const zh: typeof en = {
  caption: "每条路走过多少次",
  times: (n) => `${n} 次`,
  ratio: (n) => `每 ${n} 次有 1 次走到这里`,
  share: (p) => `${p} 走到这里`,
  never: "没走过",
  scale: "对数刻度",
  say: (name, count, last, lastCount) => `从 ${name} 的 ${count}，到 ${last} 的 ${lastCount}。`,
  columns: ["路", "次数", "上一级每多少次一次"],
};

export const stairsWords = { en, zh } as const;
