import { array, boot, uint8 } from "goheap";

//zh 只差最后一处，三页相连
//en all but one place: three in a row
const lives = (page: number) => page % 2 === 0 && page !== 510;

const go = boot();
const Page = array(8192, uint8);
const all = Array.from({ length: 512 }, () => go.new(Page));
go.sweep({ live: all.filter((_, page) => lives(page)) });

const [chunk] = go.pages().chunks;
const two = go.findPages(2).address;
table([{ free: chunk!.free, longest: chunk!.max, two }]);
