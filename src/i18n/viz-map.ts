/** Words of the map of a process, from its address space down to a byte. */
const en = {
  caption: "The process, from its address space down to a byte",
  /** What each strip shows, the widest first. */
  strips: [
    ["the 48-bit address space", "256 TiB"],
    ["a piece of it", "1 TiB"],
    ["an arena", "64 MiB"],
    ["a chunk of 512 pages", "4 MiB"],
    ["a page", "8 KiB"],
    ["eight words", "64 B"],
  ] as readonly (readonly [string, string])[],
  map: (n: number) => `Address space with ${n} ${n === 1 ? "segment" : "segments"} in it`,
  label: "Address",
  previous: "Previous segment",
  next: "Next segment",
  segmentOf: (i: number, n: number) => `${i} of ${n}`,
  inside: (at: string, name: string, size: string, from: string, to: string) =>
    `\`${at}\` lies in ${name}: ${size}, from \`${from}\` to \`${to}\`.`,
  outside: (at: string) => `\`${at}\` lies in no segment: nothing is there.`,
  arena: (base: string, page: number, byte: number) =>
    ` Its arena begins at \`${base}\`; it is byte ${byte} of page ${page} there.`,
  log: "first strip in doublings instead of true to scale",
  kinds: {
    text: "program text",
    rodata: "constants",
    data: "global variables",
    bss: "global variables",
    heap: "heap",
    stack: "stacks",
    runtime: "the runtime’s own",
    reserved: "reserved",
  } as Record<string, string>,
  other: "other",
  keyNone: "no segment",
  keyHere: "the address",
  columns: ["from", "to", "bytes", "what"] as readonly string[],
};

/** A name between Chinese characters: parted from them by a space where it is Latin. */
function parted(name: string): string {
  return `${/^[!-~]/.test(name) ? " " : ""}${name}${/[!-~]$/.test(name) ? " " : ""}`;
}

const zh: typeof en = {
  caption: "从进程的地址空间，一直看到一个字节",
  strips: [
    ["48 位地址空间", "256 TiB"],
    ["其中一块", "1 TiB"],
    ["一个 arena", "64 MiB"],
    ["一个 chunk，512 页", "4 MiB"],
    ["一页", "8 KiB"],
    ["八个字", "64 B"],
  ],
  map: (n) => `地址空间，里面有 ${n} 段`,
  label: "地址",
  previous: "上一段",
  next: "下一段",
  segmentOf: (i, n) => `${i} / ${n}`,
  inside: (at, name, size, from, to) => `\`${at}\` 在${parted(name)}里：${size}，从 \`${from}\` 到 \`${to}\`。`,
  outside: (at) => `\`${at}\` 不在任何一段里：那里什么也没有。`,
  arena: (base, page, byte) => `所在 arena 从 \`${base}\` 开始；它是其中第 ${page} 页的第 ${byte} 个字节。`,
  log: "第一条不按比例，每格翻一倍",
  kinds: {
    text: "程序代码",
    rodata: "常量",
    data: "全局变量",
    bss: "全局变量",
    heap: "堆",
    stack: "栈",
    runtime: "运行时自用",
    reserved: "只保留了地址",
  },
  other: "其他",
  keyNone: "没有段",
  keyHere: "这个地址",
  columns: ["起", "止", "字节", "是什么"],
};

export const mapWords = { en, zh } as const;
