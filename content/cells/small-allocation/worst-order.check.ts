const judge = boot();
const same =
  [...order].sort().join(" ") === "1 1 1 7 7 7 8 8 8";
const used = same
  ? new Set(
      order.map(
        (size) =>
          judge.where(judge.new(array(size, uint8))).slot,
      ),
    ).size
  : 0;
const verdict = !same
  ? {
      zh: "大小要照旧：三个 1、三个 7、三个 8。",
      en: "Keep the sizes: three of 1, three of 7, three of 8.",
    }
  : used < 5
    ? {
        zh: `这个顺序用了 ${used} 块，还能更费。`,
        en: `This order takes ${used} blocks. It can be worse.`,
      }
    : {
        zh: `${used} 块：48 字节的东西占了 80 字节。`,
        en: `${used} blocks: 80 bytes for 48 bytes of objects.`,
      };
({ ok: same && used === 5, say: verdict });
