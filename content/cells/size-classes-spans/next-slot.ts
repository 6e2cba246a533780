import { boot, int64, pointer, struct } from "goheap";

const go = boot();
const fields = { next: pointer("Node"), value: int64 };
const Node = struct("Node", fields);
const made = Array.from({ length: 10 }, () => go.new(Node));
const span = made[0].address;
const frame = (zh: string, en: string) => {
  const picture = heap.of(go, { span });
  return { say: { zh, en }, picture };
};
const film = [frame("申请了十个。", "Ten are made.")];
//zh 1、4、7 号死了
//en numbers 1, 4 and 7 die
go.sweep({ live: made.filter((_, i) => i % 3 !== 1) });
film.push(frame("清扫过，空出三个。", "Three are swept."));

const make = () => go.where(go.new(Node)).slot;
const slots = [make(), make(), make(), make(), make()];
film.push(frame("又申请了五个。", "Five more are made."));
table([slots], {
  columns: ["#11", "#12", "#13", "#14", "#15"],
});
show.steps(film);
