import { array, boot, uint8 } from "goheap";

//zh 隔一页活一个
//en every other page lives
const lives = (page: number) => page % 2 === 0;

const go = boot();
const Page = array(8192, uint8);
const all = Array.from({ length: 512 }, () => go.new(Page));
go.sweep({ live: all.filter((_, page) => lives(page)) });

const [chunk] = go.pages().chunks;
const two = go.findPages(2).address;
table([{ free: chunk!.free, longest: chunk!.max, two }]);
