import { boot } from "goheap";

//zh 只用算术：地址在第几个 arena，是 arena 里的第几页
//en by arithmetic alone: which arena, which page of it
function locate(address: string) {
  const at = Number(address);
  const arena = Math.floor(at / (64 * 1024 * 1024));
  return { arena, page: 0 };
}
const ref = boot().malloc(100_000);
table([locate(ref.address), boot().arena(ref.address)], {
  columns: { arena: "arena", page: "page" },
});
