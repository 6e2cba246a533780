/** Words of the heap over time. */
const en = {
  caption: "The heap over time",
  time: (ms: string) => `${ms} ms`,
  seconds: (s: string) => `${s} s`,
  inSeconds: "t, s",
  label: "Moment",
  previous: "Previous moment",
  next: "Next moment",
  plot: (from: string, to: string) => `The heap from ${from} to ${to}`,
  resident: "resident",
  say: (at: string, inuse: string, kept: string, released: string, resident: string | null) =>
    `At ${at}: \`${inuse}\` in use, \`${kept}\` free and kept, \`${released}\` given back${resident === null ? "" : `; \`${resident}\` resident`}.`,
  happened: (names: string) => ` Here: ${names}.`,
  keyUsed: "in use (HeapInuse)",
  keyKept: "free, kept (HeapIdle − HeapReleased)",
  keyBack: "free, given back (HeapReleased)",
  keyResident: "resident",
  columns: ["t, ms", "HeapInuse", "HeapIdle", "HeapReleased", "resident"] as readonly string[],
};

const zh: typeof en = {
  caption: "堆随时间的变化",
  time: (ms) => `${ms} 毫秒`,
  seconds: (s) => `${s} 秒`,
  inSeconds: "t，秒",
  label: "时刻",
  previous: "上一个时刻",
  next: "下一个时刻",
  plot: (from, to) => `从 ${from} 到 ${to} 的堆`,
  resident: "常驻",
  say: (at, inuse, kept, released, resident) =>
    `${at}：在用 \`${inuse}\`，空闲而留着 \`${kept}\`，已归还 \`${released}\`${resident === null ? "" : `；常驻 \`${resident}\``}。`,
  happened: (names) => `这一刻：${names}。`,
  keyUsed: "在用（HeapInuse）",
  keyKept: "空闲，留着（HeapIdle − HeapReleased）",
  keyBack: "空闲，已归还（HeapReleased）",
  keyResident: "常驻",
  columns: ["t，毫秒", "HeapInuse", "HeapIdle", "HeapReleased", "常驻"],
};

export const timelineWords = { en, zh } as const;
