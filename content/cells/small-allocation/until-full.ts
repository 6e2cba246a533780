import { array, boot, int64, pointer } from "goheap";

const label = { zh: "对象占几个字", en: "words per object" };
const range = { min: 2, max: 8, value: 2, label };
const words = input.range("words", range);

const heaps = [];
const rows = [];
for (const greentea of [true, false]) {
  for (const elem of [pointer(int64), int64]) {
    const go = boot({ greentea });
    const T = array(words, elem);
    const first = go.new(T);
    const { span } = go.where(first);
    let fit = 1;
    while (go.where(go.new(T)).span === span) fit++;
    rows.push({ T: T.name, size: T.size, greentea, fit });
    heaps.push({ go, first });
  }
}
table(rows, { turn: 2 });
heap(heaps[0].go, { span: heaps[0].first });
