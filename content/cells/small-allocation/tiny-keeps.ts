import { boot, uint8 } from "goheap";

const every = input.range("every", { min: 1, max: 64, value: 16 });

const go = boot();
const objects = Array.from({ length: 1600 }, () => go.new(uint8));
//zh 每 every 个里只有一个还有人用
//en of every so many objects one is still in use
const live = objects.filter((_, i) => i % every === 0);
const { freedBytes } = go.sweep({ live });

const names = [
  { zh: "分配 B", en: "allocated, B" },
  { zh: "存活 B", en: "alive, B" },
  { zh: "收回 B", en: "freed, B" },
];
table([[objects.length, live.length, freedBytes]], { columns: names });
