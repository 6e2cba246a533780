import { boot } from "goheap";

//zh 忘了编号的起点
//en forgets where the numbers begin
function locate(address: string) {
  const ARENA = 64 * 1024 * 1024;
  const at = Number(address);
  const arena = Math.floor(at / ARENA);
  return { arena, page: Math.floor((at % ARENA) / 8192) };
}
const ref = boot().malloc(100_000);
table([locate(ref.address), boot().arena(ref.address)], {
  columns: { arena: "arena", page: "page" },
});
