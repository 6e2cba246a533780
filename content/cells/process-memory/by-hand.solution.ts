import { boot } from "goheap";

//zh 编号从 -2^47 数起；页是 arena 内的 8 KiB
//en numbers count from -2^47; pages are 8 KiB of the arena
function locate(address: string) {
  const ARENA = 64 * 1024 * 1024;
  const at = Number(address);
  const arena = Math.floor((at + 2 ** 47) / ARENA);
  return { arena, page: Math.floor((at % ARENA) / 8192) };
}
const ref = boot().malloc(100_000);
table([locate(ref.address), boot().arena(ref.address)], {
  columns: { arena: "arena", page: "page" },
});
