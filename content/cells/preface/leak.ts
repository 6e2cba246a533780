import { boot, int64, slice, struct, uint8 } from "goheap";

const [cart, trace] = [slice(int64), slice(uint8)];
const Session = struct("Session", { id: int64, cart, trace });
const serve = (line: string, keep: number) => {
  const go = boot();
  const sessions = [go.new(Session)];
  for (let i = 0; i < 500; i++) {
    const buf = go.make(uint8, 4096);
    sessions[i % 64] ??= go.new(Session);
    const s = sessions[i % 64];
    s.cart = go.append(s.cart ?? int64, i);
    s.trace = keep === 4096 ? buf : go.make(uint8, keep);
  }
  //zh 从 sessions 走得到的，都存活
  //en what can be reached from sessions is alive
  const live = sessions.flatMap((s) => [s, s.cart, s.trace]);
  go.sweep({ live });
  const { Mallocs, Frees, HeapAlloc } = go.memstats();
  return { line, Mallocs, Frees, HeapAlloc };
};
table([serve("buf[:16]", 4096), serve("clone(buf[:16])", 16)]);
