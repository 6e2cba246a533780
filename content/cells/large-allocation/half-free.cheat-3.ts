import { array, boot, uint8 } from "goheap";

//zh 空出了两页连着的
//en pairs of free pages
const lives = (page: number) => page % 3 === 0;

const go = boot();
const Page = array(8192, uint8);
const all = Array.from({ length: 512 }, () => go.new(Page));
go.sweep({ live: all.filter((_, page) => lives(page)) });

const [chunk] = go.pages().chunks;
const two = go.findPages(2).address;
table([{ free: chunk!.free, longest: chunk!.max, two }]);
