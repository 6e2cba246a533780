import { boot, int64, slice, struct, uint8 } from "goheap";

const go = boot();
const [cart, trace] = [slice(int64), slice(uint8)];
const Session = struct("Session", { id: int64, cart, trace });
const s = go.new(Session);
const buf = go.make(uint8, 4096);
let list = go.make(int64, 1, 2);
const lines = {
  "s := &Session{}": () => go.new(Session),
  "buf := make([]byte, 4096)": () => go.make(uint8, 4096),
  "s.trace = buf[:16]": () => s.set("trace", buf),
  "list = append(list, 8)": () => {
    list = go.append(list, 8);
  },
  "list = append(list, 9)": () => {
    list = go.append(list, 9);
  },
  "new(struct{})": () => go.new(struct({})),
};
//zh 以为 append 每次都分配
//en takes every append for an allocation
const allocates = [
  "s := &Session{}",
  "buf := make([]byte, 4096)",
  "list = append(list, 8)",
  "list = append(list, 9)",
];
print(Object.keys(lines).length, "→", allocates.length);
