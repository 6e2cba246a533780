import { array, boot, uint8 } from "goheap";

//zh 前一半活着，后一半连成一片
//en the first half lives, and the other is one run
const lives = (page: number) => page < 256;

const go = boot();
const Page = array(8192, uint8);
const all = Array.from({ length: 512 }, () => go.new(Page));
go.sweep({ live: all.filter((_, page) => lives(page)) });

const [chunk] = go.pages().chunks;
const two = go.findPages(2).address;
table([{ free: chunk!.free, longest: chunk!.max, two }]);
