import { array, boot, uint8 } from "goheap";

const page = array(8192, uint8);
//zh 一边 17 页，一边 15 页
//en 17 on one side and 15 on the other
const freed = Array.from({ length: 32 }, (_, i) => 495 + i);

const go = boot();
const all = Array.from({ length: 1024 }, () => go.new(page));
const live = all.filter((_, i) => !freed.includes(i));
go.sweep({ live });
go.sweep({ live });
go.setMemoryLimit(1024 * 1024);
go.sleep(60_000);
table([{ back: go.scavenger().releasedBg / 8192 }]);
show.pages(go.pages());
