import { array, boot, uint8 } from "goheap";

const page = array(8192, uint8);
//zh 两个 chunk 共 1024 页，放掉哪 32 页？
//en 1024 pages in two chunks: which 32 do you free?
const freed = Array.from({ length: 32 }, (_, i) => i * 32);

const go = boot();
const all = Array.from({ length: 1024 }, () => go.new(page));
const live = all.filter((_, i) => !freed.includes(i));
go.sweep({ live });
go.sweep({ live });
go.setMemoryLimit(1024 * 1024);
go.sleep(60_000);
table([{ back: go.scavenger().releasedBg / 8192 }]);
show.pages(go.pages());
