//zh 一百次申请，两个不同的堆基址；再逐个改动字段
//en a hundred requests at two heap bases; then one field changed
const twins = [3, 4].map((seed) => {
  const judge = boot({ base: "random", seed });
  return Array.from({ length: 100 }, (_, i) => {
    const size = 8 * (1 + ((i * 37) % 700));
    return judge.where(
      judge.malloc(size, i % 2 === 0 ? pointer(uint8) : null),
    );
  });
});
let missed = "";
for (const [i, one] of twins[0].entries()) {
  const other = twins[1][i];
  if (!same(one, other)) missed ||= "address";
  const wrong: Partial<Where>[] = [
    { path: "zero" },
    { sizeclass: other.sizeclass + 1 },
    { spanclass: other.spanclass ^ 1 },
    { elemsize: other.elemsize + 8 },
    { npages: other.npages + 1 },
    { slot: (other.slot ?? 0) + 1 },
    { offset: (other.offset ?? 0) + 8 },
    { header: !other.header },
    { p: other.p + 1 },
  ];
  for (const change of wrong) {
    const [field] = Object.keys(change);
    if (same(one, { ...other, ...change })) missed ||= field;
  }
}
const verdict =
  missed === ""
    ? {
        zh: "对：两种地址可以不同，别的都要一样。",
        en: "Right: the two addresses may differ, and nothing else.",
      }
    : missed === "address"
      ? {
          zh: "同样的位置，被当成了不同。",
          en: "Equal places are taken for different ones.",
        }
      : {
          zh: `字段 ${missed} 不同，却没有看出来。`,
          en: `A difference of ${missed} goes unnoticed.`,
        };
({ ok: missed === "", say: verdict });
