import { array, boot, uint8 } from "goheap";

//zh 依次分配：几页，活不活
//en allocated in turn: how many pages, and whether it lives
const plan: [pages: number, lives: boolean][] = [
  //zh 少了中间的空隙
  //en without the gap between
  [16, true],
  [16, true],
];

const go = boot();
const all = plan.map(([n]) => go.new(array(n * 8192, uint8)));
go.sweep({ live: all.filter((_, i) => plan[i]![1]) });

const word = go.pages().chunks[0]!.inUse.slice(0, 16);
print(word);
show.pages(go.pages());
