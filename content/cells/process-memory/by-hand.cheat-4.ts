import { boot } from "goheap";

//zh 只背下了固定基址的答案
//en knows the fixed base by heart
function locate(address: string) {
  const at = Number(address) - 0xc000000000;
  const arena = 2109440 + Math.floor(at / 2 ** 27);
  return { arena, page: Math.floor(at / 8192) % 8192 };
}
const ref = boot().malloc(100_000);
table([locate(ref.address), boot().arena(ref.address)], {
  columns: { arena: "arena", page: "page" },
});
