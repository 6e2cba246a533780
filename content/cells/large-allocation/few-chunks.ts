import { array, boot, type Ref, uint8 } from "goheap";

//zh 48 个 short、16 个 long、一次 gc（short 全死）：换次序
//en 48 of short, 16 of long, one gc (all short ones die): reorder
type Step = "short" | "long" | "gc";
const times = (n: number, step: Step) =>
  Array.from({ length: n }, () => step);
const plan: Step[] = [
  ...times(16, "long"),
  ...times(48, "short"),
  "gc",
];

const go = boot();
const Run = array(64 * 8192, uint8);
const long: Ref[] = [];
for (const step of plan)
  if (step === "gc") go.sweep({ live: long });
  else if (step === "long") long.push(go.new(Run));
  else go.new(Run);

show.pages(go.pages());
print(go.pages().chunks.length);
