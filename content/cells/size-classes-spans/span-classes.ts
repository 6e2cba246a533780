import { boot, pointer, uint8 } from "goheap";

const go = boot();
const used = new Set<number>();
//zh 从 8 字节到 40 KB，不含指针和含指针的各申请一遍
//en from 8 bytes to 40 KB, without pointers and with them
for (let size = 8; size <= 40960; size += 8) {
  for (const T of [null, pointer(uint8)])
    used.add(go.where(go.malloc(size, T)).spanclass);
  if (size % 512 === 0) go.sweep();
}
const [all] = go
  .records()
  .filter(({ name }) => name === "mcentral")
  .map(({ count }) =>
    Array.from({ length: count }, (_, i) => i),
  );
const unused = all.filter((spc) => !used.has(spc));
const row = { spanClasses: all.length, used: used.size };
table([{ ...row, unused: unused.join(" ") }]);
