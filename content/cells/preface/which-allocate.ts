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
//zh 六行里，哪几行向堆要了内存？
//en which of the six lines take memory from the heap?
const allocates = ["s := &Session{}", "new(struct{})"];
print(Object.keys(lines).length, "→", allocates.length);
