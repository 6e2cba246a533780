import { array, boot, int64, pointer } from "goheap";

const label = { zh: "对象占几个字", en: "words per object" };
const words = input.range("words", { min: 2, max: 8, value: 2, label });

const fill = (elem: typeof int64, greentea: boolean) => {
  const go = boot({ greentea });
  const T = array(words, elem);
  const first = go.new(T);
  const { span } = go.where(first);
  let fit = 1;
  while (go.where(go.new(T)).span === span) fit++;
  return { go, first, row: { T: T.name, size: T.size, greentea, fit } };
};
const runs = [fill(pointer(int64), true), fill(int64, true), fill(pointer(int64), false), fill(int64, false)];
table(
  runs.map(({ row }) => row),
  { turn: 2 },
);
heap(runs[0].go, { span: runs[0].first });
