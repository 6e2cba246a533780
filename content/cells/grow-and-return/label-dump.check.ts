const of: Record<string, number> = {};
for (const [k, name] of Object.entries(names))
  of[name] = dump[k as keyof typeof dump];
const wanted = [
  "Sys",
  "HeapSys",
  "HeapInuse",
  "HeapIdle",
  "HeapReleased",
  "HeapAlloc",
];
const [Sys, HeapSys, HeapInuse, HeapIdle, Released, HeapAlloc] =
  wanted.map((name) => of[name] ?? Number.NaN) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
const isSame =
  JSON.stringify(dump) ===
  '{"a":685.2421875,"b":17,"c":734.5589141845703,"d":11.748207092285156,"e":702.4375,"f":685.4375}';
const tests: [boolean, { zh: string; en: string }][] = [
  [
    isSame,
    {
      zh: "数字不能改。",
      en: "Leave the figures as they are.",
    },
  ],
  [
    wanted.every((name) => name in of),
    {
      zh: "六个名字要各用一次。",
      en: "Use each of the six names once.",
    },
  ],
  [
    HeapSys === HeapInuse + HeapIdle,
    {
      zh: "HeapInuse 加 HeapIdle 要正好等于 HeapSys。",
      en: "HeapInuse and HeapIdle must add up to HeapSys.",
    },
  ],
  [
    Sys > HeapSys,
    {
      zh: "Sys 包括 HeapSys 和别的，不会比它小。",
      en: "Sys has HeapSys in it and more, so it is the larger.",
    },
  ],
  [
    Released <= HeapIdle && HeapAlloc <= HeapInuse,
    {
      zh: "归还的页都是空闲页，对象都在使用中的页里。",
      en: "What is released is idle, and objects lie in pages in use.",
    },
  ],
  [
    HeapAlloc <= 19.1,
    {
      zh: "等式都成立，可是 HeapAlloc 远远超过了 NextGC。",
      en: "The sums are right, but HeapAlloc is far above NextGC.",
    },
  ],
];
const failed = tests.find(([holds]) => !holds);
({
  ok: failed === undefined,
  say: failed?.[1] ?? {
    zh: "全对：空闲页几乎都还了。",
    en: "All right: nearly all idle pages have been given back.",
  },
});
