import { array, boot, uint8 } from "goheap";

//zh 一页一个对象，装满 512 页；第几页的活着？
//en 512 objects of one page each: which of them live?
const lives = (page: number) => page >= 0;

const go = boot();
const Page = array(8192, uint8);
const all = Array.from({ length: 512 }, () => go.new(Page));
go.sweep({ live: all.filter((_, page) => lives(page)) });

const [chunk] = go.pages().chunks;
const two = go.findPages(2).address;
table([{ free: chunk!.free, longest: chunk!.max, two }]);
