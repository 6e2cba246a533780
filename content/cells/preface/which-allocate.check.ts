//zh 在检查自己的堆里各跑一次，看 Mallocs 变没变
//en each line run once on the check's own heap: does Mallocs move?
const judge = boot();
const session = judge.new(Session);
const buffer = judge.make(uint8, 4096);
let items = judge.make(int64, 1, 2);
const steps: (() => unknown)[] = [
  () => judge.new(Session),
  () => judge.make(uint8, 4096),
  () => session.set("trace", buffer),
  () => {
    items = judge.append(items, 8);
  },
  () => {
    items = judge.append(items, 9);
  },
  () => judge.new(struct({})),
];
const names = Object.keys(lines);
const wrong = steps.flatMap((step, i) => {
  const before = judge.memstats().Mallocs;
  step();
  const took = judge.memstats().Mallocs > before;
  const said = allocates.some((name) => name === names[i]);
  return took === said ? [] : [{ name: names[i], took }];
});
const verdict =
  wrong.length === 0
    ? {
        zh: "六行全对。",
        en: "Right for all six lines.",
      }
    : {
        zh: `${wrong[0].name} ${wrong[0].took ? "要了内存，你没有写上" : "没有要内存"}。`,
        en: `${wrong[0].name} ${wrong[0].took ? "took memory, and you do not name it" : "took none"}.`,
      };
({ ok: wrong.length === 0, say: verdict });
