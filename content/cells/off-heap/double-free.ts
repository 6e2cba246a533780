import { boot } from "goheap";

const { offheap } = boot();
const je = offheap.jemalloc();
//zh C 的 free 只拿到一个地址
//en all that C's free gets is an address
const at = je.malloc(64, "first").address;
je.free(at);
const second = je.malloc(64, "second");
je.free(at);
const third = je.malloc(64, "third");

third.set(0, "int64", 42);
const blocks = { first: at, second, third };
table(
  Object.entries(blocks).map(([owner, block]) => {
    const address =
      typeof block === "string" ? block : block.address;
    return {
      owner,
      address,
      read: offheap.read(address, "int64"),
    };
  }),
);
