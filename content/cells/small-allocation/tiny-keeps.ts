import { boot, uint8 } from "goheap";

const label = { zh: "每多少个留一个", en: "one kept of every" };
const range = { min: 1, max: 64, value: 16, label };
const every = input.range("every", range);

const go = boot();
const objects = [];
for (let i = 0; i < 1600; i++) objects.push(go.new(uint8));
const live = objects.filter((_, i) => i % every === 0);
const { freedBytes } = go.sweep({ live });

table([{ allocated: 1600, live: live.length, freedBytes }]);
