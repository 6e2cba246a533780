const nodes = [a, b, c];
const spans = nodes.map((node) => (node.isFreed ? "" : go.where(node).span));
const linked = !a.isFreed && a.next?.address === b.address && !b.isFreed && b.next?.address === c.address;
const moved = spans[0] !== spans[1] && spans[1] !== spans[2];
const roomy = nodes.every((node) => !node.isFreed && go.span(node).allocCount < 10);
const verdict = nodes.some((node) => node.isFreed)
  ? { zh: "有节点没有写进 live，清扫时收走了。", en: "A node was not named in live, and the sweep took it." }
  : !linked || sum !== 6
    ? {
        zh: "链表要从 a 到 b 再到 c，值加起来是 6。",
        en: "The list must lead from a to b to c, and its values add up to 6.",
      }
    : !moved
      ? {
          zh: "相邻的两个节点还在同一个 span 里：g 没有换 P。",
          en: "Two neighbours still lie in one span: g has not changed its P.",
        }
      : !roomy
        ? { zh: "span 是换了，但靠的是把前一个填满。", en: "The spans differ, but only because one was filled up." }
        : {
            zh: "换了 P，清扫过，三个节点都在。",
            en: "The goroutine moved, the heap was swept, and all three nodes are there.",
          };
({ ok: linked && sum === 6 && moved && roomy, say: verdict });
