import { array, boot, uint8 } from "goheap";

const go = boot();
const Bytes = array(32, uint8);
const first = go.new(Bytes);
//zh 邻居一直活着，span 就不会还回去
//en a neighbour lives, so that the span stays
const neighbour = go.new(Bytes);

const moments: Parameters<typeof show.slot>[0][number][] = [];
const look = (zh: string, en: string) => {
  const { needzero, bytes } = go.slot(first);
  moments.push({ say: { zh, en }, needzero, bytes });
};
look("刚发放", "given out");
for (let i = 0; i < 32; i++) first.set(i, 0xff);
look("写过", "written");
go.sweep({ live: [neighbour] });
look("死了，清扫过", "dead, and swept");
const again = go.new(Bytes);
look("再次发放", "given out again");

show.slot(moments);
print(again.address === first.address);
