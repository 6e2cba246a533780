//zh 每一类都问遍：两种对象，Green Tea 开和关
//en every class: with pointers and without, Green Tea on and off
let asked = 0;
let wrong: {
  slot: number;
  yours: number;
  real: number;
} | null = null;
for (const greentea of [true, false]) {
  const judge = boot({ greentea });
  for (let size = 8, slot = 0; size <= 32760; size += 8) {
    if (size <= slot) continue;
    for (const noscan of [false, true]) {
      const words =
        size > 512 && !noscan ? size / 8 - 1 : size / 8;
      const ref = noscan
        ? judge.malloc(size)
        : judge.new(array(words, pointer(uint8)));
      const { elemsize, nelems, npages } = judge.span(ref);
      if (!noscan) slot = elemsize;
      if (noscan && elemsize !== slot) continue;
      asked++;
      const yours = count({
        slot: elemsize,
        npages,
        noscan,
        greentea,
      });
      if (yours !== nelems && wrong === null)
        wrong = { slot, yours, real: nelems };
    }
  }
}
const verdict =
  wrong === null
    ? {
        zh: `${asked} 种 span 全对。`,
        en: `Right for all ${asked} kinds of span.`,
      }
    : {
        zh: `${wrong.slot} 字节的槽，你说 ${wrong.yours} 个，实际 ${wrong.real} 个。`,
        en: `Slots of ${wrong.slot} bytes: you say ${wrong.yours}, there are ${wrong.real}.`,
      };
({ ok: wrong === null && asked > 200, say: verdict });
