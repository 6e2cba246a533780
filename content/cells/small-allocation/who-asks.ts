import { boot, int64, pointer } from "goheap";

const go = boot();
const rows: unknown[] = [];
const ask = (request: string, body: () => unknown) => {
  const [call] = go.trace(body);
  rows.push({ request, needzero: call?.needzero });
};
ask("new(int64)", () => go.new(int64));
ask("make([]int64, 8)", () => go.make(int64, 8));
const numbers = go.make(int64, 8);
ask("append([]int64)", () => go.append(numbers, 9));
const pointers = go.make(pointer(int64), 8);
ask("append([]*int64)", () => go.append(pointers, null));
table(rows);

//zh 含指针却不要清零，运行时不答应
//en pointers without clearing: the runtime refuses
try {
  go.malloc(8, pointer(int64), false);
} catch (error) {
  print(String(error));
}
