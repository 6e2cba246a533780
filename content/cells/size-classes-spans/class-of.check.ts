//zh 用检查自己的表，每一次读都数一下
//en on tables of the check's own, where each load is counted
const slotsOfGo = [0, ...sizeClasses().map((row) => row.size)];
const classFor = (size: number) =>
  slotsOfGo.findIndex((slot) => slot >= size);
let loads = 0;
const counted = (n: number, from: number, unit: number) =>
  new Proxy(
    Array.from({ length: n }, (_, i) =>
      classFor(from + unit * i),
    ),
    {
      get(entries, key) {
        if (/^\d+$/.test(String(key))) loads++;
        return Reflect.get(entries, key);
      },
    },
  );
const table8 = counted(129, 0, 8);
const table128 = counted(249, 1024, 128);
let wrongAt = 0;
let loadsAt = 0;
for (let size = 1; size <= 32768 && wrongAt === 0; size++) {
  loads = 0;
  if (classOf(size, table8, table128) !== classFor(size))
    wrongAt = size;
  if (loads !== 1 && loadsAt === 0) loadsAt = size;
}
const verdict =
  wrongAt > 0
    ? {
        zh: `${wrongAt} 字节查错了，应是第 ${classFor(wrongAt)} 类。`,
        en: `Wrong for ${wrongAt} bytes: the class is ${classFor(wrongAt)}.`,
      }
    : loadsAt > 0
      ? {
          zh: `${loadsAt} 字节没有只读一次表。`,
          en: `For ${loadsAt} bytes the tables are not read exactly once.`,
        }
      : {
          zh: "32768 种大小全对，每次只读一项。",
          en: "Right for all 32,768 sizes, with one load each.",
        };
({ ok: wrongAt === 0 && loadsAt === 0, say: verdict });
