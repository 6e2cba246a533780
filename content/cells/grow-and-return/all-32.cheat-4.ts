import { array, boot, uint8 } from "goheap";

const page = array(8192, uint8);
//zh 32 次都是同一页
//en the same page 32 times
const freed = Array.from({ length: 32 }, () => 7);

const go = boot();
const all = Array.from({ length: 1024 }, () => go.new(page));
const live = all.filter((_, i) => !freed.includes(i));
go.sweep({ live });
go.sweep({ live });
go.setMemoryLimit(1024 * 1024);
go.sleep(60_000);
table([{ back: go.scavenger().releasedBg / 8192 }]);
show.pages(go.pages());
