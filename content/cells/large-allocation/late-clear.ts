import { array, boot, uint8 } from "goheap";

const go = boot();
const Big = array(1 << 20, uint8);
const kinds = ["allocSpan", "zeroed", "mallocDone"];
const log = (memory: string) =>
  go
    .trace(() => go.new(Big))
    .filter((e) => kinds.includes(e.kind))
    .map(({ kind, bytes }) => ({ memory, kind, bytes }));

//zh 新页不用清；死过一次的要清
//en fresh pages need no clearing, used ones do
const fresh = log("fresh");
go.sweep();
table([...fresh, ...log("used")], { turn: 2 });
