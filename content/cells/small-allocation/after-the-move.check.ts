const nodes = [a, b, c];
const swept = go.sweepgen > boot().sweepgen;
const freed = nodes.some((node) => node.isFreed);
const linked =
  !freed &&
  a.next?.address === b.address &&
  b.next?.address === c.address &&
  c.next === null;
const [p, q, r] = nodes.map((node) =>
  freed ? 0 : go.where(node).p,
);
let verdict = {
  zh: "换了 P，清扫过，三个节点都在。",
  en: "The goroutine moved, the heap was swept, and all three nodes are there.",
};
if (freed)
  verdict = {
    zh: "有节点没有写进 live，清扫时收走了。",
    en: "A node was not named in live, and the sweep took it.",
  };
else if (!linked || sum !== 6)
  verdict = {
    zh: "链表要从 a 到 b 再到 c，值加起来是 6。",
    en: "The list must lead from a to b to c, and its values add up to 6.",
  };
else if (p === q || q === r)
  verdict = {
    zh: "相邻的两个节点是在同一个 P 上申请的。",
    en: "Two neighbours were made on the same P.",
  };
else if (!swept)
  verdict = {
    zh: "还没有清扫：用 go.sweep({ live: [...] })。",
    en: "Nothing was swept yet: use go.sweep({ live: [...] }).",
  };
({
  ok: linked && sum === 6 && p !== q && q !== r && swept,
  say: verdict,
});
