import { replay, replayOffheap } from "goheap";

//zh 换成你自己程序的：一行一个 JSON
//en put your own program's here: one JSON object a line
const value = `{"id": 1, "size": 40000, "site": "read file"}
{"type": "Node", "size": 24, "pointers": "101"}
{"id": 2, "type": "Node", "count": 500}
{"id": "name", "size": 7, "site": "parse"}
{"free": 1}
{"gc": true}
{"id": 3, "size": 3000}`;
const accept = ".jsonl,.txt";
const text = input.file("trace", { value, accept });

const go = replay(text);
const { peakActive, waste } = replayOffheap(text);
const { allocs, peakAsked } = go;
const [spans, slabs] = [go.peakInUse, peakActive];
table([{ allocs, peakAsked, spans, slabs, gc: go.cycles }]);
table([go.waste], { caption: "Go" });
table([waste], { caption: "jemalloc" });
