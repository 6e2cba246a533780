const judge = boot();
const cost = (n: number) =>
  judge.where(judge.new(array(n, uint8)));
const mine = cost(size);
const part = (n: number, slot: number) => (slot - n) / slot;
const best = part(32769, cost(32769).elemsize);
const isLarge = mine.path === "large";
const isWorst = part(size, mine.elemsize) >= best;
const verdict = !isLarge
  ? {
      zh: `${size} 字节还不是大对象。`,
      en: `${size} bytes are no large object.`,
    }
  : isWorst
    ? {
        zh: "32769 字节占 5 页，浪费 20%；再大，页数多了，比例就低了。",
        en: "32769 bytes take 5 pages and waste 20 %. With more pages the part shrinks.",
      }
    : {
        zh: "还有浪费比例更高的大对象。",
        en: "Some large object wastes a larger part.",
      };
({ ok: isLarge && isWorst, say: verdict });
