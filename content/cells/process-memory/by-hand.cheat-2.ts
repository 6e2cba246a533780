import { boot } from "goheap";

//zh 把页当成 4 KiB 的系统页
//en takes pages for the system’s 4 KiB
function locate(address: string) {
  const ARENA = 64 * 1024 * 1024;
  const at = Number(address);
  const arena = Math.floor((at + 2 ** 47) / ARENA);
  return { arena, page: Math.floor((at % ARENA) / 4096) };
}
const ref = boot().malloc(100_000);
table([locate(ref.address), boot().arena(ref.address)], {
  columns: { arena: "arena", page: "page" },
});
