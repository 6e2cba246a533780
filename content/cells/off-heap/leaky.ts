import { type Block, boot } from "goheap";

const je = boot().offheap.jemalloc();
interface Tree {
  node: Block;
  key: Block;
  kids: Tree[];
}
const grow = (depth: number): Tree => ({
  node: je.malloc(48, "grow, node"),
  key: je.malloc(20, "grow, key"),
  kids: depth > 1 ? [grow(depth - 1), grow(depth - 1)] : [],
});
//zh drop 忘了一样东西
//en drop forgets something
const drop = ({ node, kids }: Tree) => {
  for (const kid of kids) drop(kid);
  node.free();
};
drop(grow(10));
const request = grow(1);
je.calloc(1, 4096, "scratch");
request.key.free();
table(je.leaks);
