import { boot } from "goheap";

const go = boot();
const arena = go.offheap.arena({ chunkBytes: 4096 });
const rows: { after: string; read: unknown }[] = [];
const request = arena.alloc(16);
request.set(0, "int64", 42);
//zh 按地址去读，像 C 那样，没有人检查
//en reads through the address, as C does: nobody checks
const look = (after: string) => {
  let read: unknown;
  try {
    read = go.offheap.read(request.address, "int64");
  } catch (error) {
    read = (error as { code: string }).code;
  }
  rows.push({ after, read });
};
look("alloc");
arena.reset();
look("reset");
arena.alloc(16).set(0, "int64", 7);
look("alloc");
arena.free();
look("free");
table(rows);
