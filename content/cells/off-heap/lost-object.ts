import { boot, int64, struct } from "goheap";

const Session = struct("Session", { id: int64, user: int64 });
const rows = ["new", "store", "drop", "—"].map((gcAfter) => {
  const go = boot();
  const others = [go.new(Session), go.new(Session)];
  const entry = go.offheap.jemalloc().malloc(8, "table");
  const session = go.new(Session);
  //zh 变量还拿着它，live 里就有它；entry 里的指针不算
  //en in live while a variable holds it; entry does not count
  let live = [...others, session];
  const done = (step: string) => {
    if (step !== gcAfter) return;
    go.sweep({ live });
    go.new(Session).id = 7;
  };
  session.id = 1001;
  done("new");
  entry.set(0, "pointer", session);
  done("store");
  live = others;
  done("drop");
  const at = String(entry.get(0, "pointer"));
  return { gcAfter, read: go.offheap.read(at, "int64") };
});
table(rows);
