import { boot, int64 } from "goheap";

const rows = [1, 2, 3, 4, 5].map((seed) => {
  const go = boot({ base: "random", seed });
  const { address, arenaBase, page } = go.arena(go.new(int64));
  //zh 一个 arena 有 16 个 chunk，一个 chunk 有 512 页
  //en an arena has 16 chunks, a chunk has 512 pages
  const chunk = Math.floor(page / 512);
  return { address, arenaBase, chunk, page: page % 512 };
});
table(rows);
