import { boot } from "goheap";

//zh 位运算只有 32 位
//en bit operations have 32 bits only
function locate(address: string) {
  const at = Number(address);
  const arena = (at >>> 26) + 2 ** 21;
  return { arena, page: (at >>> 13) & 8191 };
}
const ref = boot().malloc(100_000);
table([locate(ref.address), boot().arena(ref.address)], {
  columns: { arena: "arena", page: "page" },
});
