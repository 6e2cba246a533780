const judge = boot();
const way = (type: typeof T) =>
  judge.where(judge.new(type)).path;
const onlyPointers =
  T.size % 8 === 0 && T.pointers === "1".repeat(T.size / 8);
const isSmall = onlyPointers && way(T) !== "large";
const nextIsLarge =
  onlyPointers &&
  way(array(T.size / 8 + 1, pointer(uint8))) === "large";
const verdict = !onlyPointers
  ? {
      zh: "T 要是指针数组：每个字都是指针。",
      en: "T must be an array of pointers: every word is one.",
    }
  : !isSmall
    ? {
        zh: `${T.size} 字节已经是大对象。`,
        en: `${T.size} bytes are a large object already.`,
      }
    : !nextIsLarge
      ? {
          zh: "还是小对象，不过再添一个指针也还是。",
          en: "Small, but so it would be with one pointer more.",
        }
      : {
          zh: `${T.size / 8} 个指针，再多一个就成了大对象。`,
          en: `${T.size / 8} pointers. One more would make it large.`,
        };
({ ok: isSmall && nextIsLarge, say: verdict });
