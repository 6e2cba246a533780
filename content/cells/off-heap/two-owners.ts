import { boot } from "goheap";

const je = boot().offheap.jemalloc();
const holders = new Set<string>();
const one = { at: 0, size: 64, kind: "live" as const };
//zh 分配器说它活着，才画出这一块；note 是谁还拿着它
//en drawn when it lives for the allocator; note: who holds it
const frame = (say: string) => {
  const blocks = je.figures.blocks > 0 ? [one] : [];
  const note = [...holders].join(" + ");
  const strip = { name: "slab", bytes: 64, blocks, note };
  return { say, picture: show.strip.of([strip]) };
};
let at = "";
const take = (who: string) => {
  at = je.malloc(64).address;
  holders.add(who);
  return frame(`${who} = malloc(64)`);
};
const free = () => {
  je.free(at);
  holders.delete("first");
  return frame("free(first)");
};
const film = [take("first"), free(), take("second"), free()];
show.steps([...film, take("third")]);
