import { boot, int64, type Ref, struct } from "goheap";

const go = boot();
const je = go.offheap.jemalloc();
const Buffer = struct("Buffer", { at: int64, size: int64 });
//zh 代替 runtime.AddCleanup：gc 收走 owner 之后才运行 run
//en for runtime.AddCleanup: run is called after gc took owner
const cleanups = new Map<() => void, Ref>();
const addCleanup = (owner: Ref, run: () => void) => {
  cleanups.set(run, owner);
  return { stop: () => cleanups.delete(run) };
};
const gc = (live: Ref[]) => {
  go.sweep({ live });
  for (const [run, owner] of [...cleanups])
    if (owner.isFreed && cleanups.delete(run)) run();
};

//zh 关两次没事了，忘了关还是漏
//en closing twice is harmless, but not closing still leaks
const open = (size: number) => {
  const owner = go.new(Buffer);
  const block = je.malloc(size, "open");
  let isOpen = true;
  const close = () => {
    if (isOpen) block.free();
    isOpen = false;
  };
  return { owner, block, close };
};
