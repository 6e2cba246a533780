/** Words of pointer maps. */
const words = (n: number) => `${n} ${n === 1 ? "word" : "words"}`;

const en = {
  caption: "Which words are pointers",
  bytes: (n: number) => `${n} B`,
  map: (n: number, pointers: number) =>
    `${words(n)} of 8 bytes, ${pointers === 0 ? "no pointer" : `${pointers} of them pointers`}`,
  none: "no pointers: never looked into",
  scanned: (n: number) => `the collector looks at the first ${n === 1 ? "word" : words(n)}`,
  header: "a type word in front",
  more: (n: number) => `${words(n)} more`,
  say: (types: number, scanned: number) =>
    `${types} ${types === 1 ? "type" : "types"}; into ${scanned} of them the collector has to look.`,
  keyPointer: "pointer",
  keyOther: "no pointer",
  keyHeader: "type word",
  keyScanned: "looked at by the collector",
  row: (name: string, pointers: string, header: boolean, place: string) =>
    `${name}: ${pointers === "" ? "no pointers" : `pointers in words ${pointers}`}${header ? ", a type word in front" : ""}${place ? `; ${place}` : ""}`,
};

const zh: typeof en = {
  caption: "哪些字是指针",
  bytes: (n) => `${n} B`,
  map: (n, pointers) => `${n} 个 8 字节的字，${pointers === 0 ? "没有指针" : `其中 ${pointers} 个是指针`}`,
  none: "没有指针，回收器从不看它内部",
  scanned: (n) => `回收器只看前 ${n} 个字`,
  header: "前面有一个类型字",
  more: (n) => `还有 ${n} 个字`,
  say: (types, scanned) => `${types} 个类型，其中 ${scanned} 个要由回收器看内部。`,
  keyPointer: "指针",
  keyOther: "不是指针",
  keyHeader: "类型字",
  keyScanned: "回收器要看的部分",
  row: (name, pointers, header, place) =>
    `${name}：${pointers === "" ? "没有指针" : `第 ${pointers} 个字是指针`}${header ? "，前面有一个类型字" : ""}${place ? `；${place}` : ""}`,
};

export const wordsWords = { en, zh } as const;
