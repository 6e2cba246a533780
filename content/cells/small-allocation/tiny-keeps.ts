import { boot, uint8 } from "goheap";

const label = { zh: "每多少个留一个", en: "one kept of every" };
const every = input.range("every", { min: 1, max: 64, value: 16, label });

const go = boot();
const objects = Array.from({ length: 1600 }, () => go.new(uint8));
const live = objects.filter((_, i) => i % every === 0);
const { freedBytes } = go.sweep({ live });

table([{ objects: objects.length, live: live.length, freedBytes }]);
