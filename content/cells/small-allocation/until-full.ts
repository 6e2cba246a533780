import { array, boot, int64, pointer } from "goheap";

const words = input.range("words", { min: 2, max: 8, value: 2 });

const fill = (elem: typeof int64, greentea: boolean) => {
  const go = boot({ greentea });
  const T = array(words, elem);
  const first = go.new(T);
  const { span } = go.where(first);
  let n = 1;
  while (go.where(go.new(T)).span === span) n++;
  return { go, first, row: [T.name, T.size, greentea ? "on" : "off", n] };
};
const ways = [fill(pointer(int64), true), fill(int64, true), fill(pointer(int64), false), fill(int64, false)];
const columns = ["T", { zh: "大小 B", en: "size, B" }, "Green Tea", { zh: "一个 span 放", en: "fit in one span" }];
table(
  ways.map(({ row }) => row),
  { columns, turn: 2 },
);
heap(ways[0].go, { span: ways[0].first });
