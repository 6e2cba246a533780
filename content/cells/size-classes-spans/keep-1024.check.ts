const link = Record.fields.find(({ name }) => name === "next");
const named = link?.type.size ?? 0;
const cost = boot();
const slot = cost.where(cost.new(Record));
let verdict = {
  zh: "1024 字节，一个字节也没多花，仍能找到别的记录。",
  en: "1024 bytes, not one more, and it can still name another record.",
};
if (link === undefined)
  verdict = {
    zh: "没有 next，就找不到下一条记录了。",
    en: "Without next the record names no other.",
  };
else if (Record.size !== 1024)
  verdict = {
    zh: `记录要有 1024 字节，这里是 ${Record.size}。`,
    en: `The record shall have 1024 bytes; this one has ${Record.size}.`,
  };
else if (slot.elemsize !== 1024)
  verdict = {
    zh: `它占了 ${slot.elemsize} 字节的槽。`,
    en: `It takes a slot of ${slot.elemsize} bytes.`,
  };
else if (named < 4)
  verdict = {
    zh: `next 只有 ${named} 字节，指不了几条记录。`,
    en: `next has ${named} bytes, which is too few to name many records.`,
  };
({
  ok:
    named >= 4 &&
    Record.size === 1024 &&
    slot.elemsize === 1024,
  say: verdict,
});
