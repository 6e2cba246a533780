//zh 一位用户贴出的六个数（MiB），名字抹掉了；NextGC 是 19.1
//en six figures of a user, in MiB; NextGC is 19.1
const dump = {
  a: 685.2421875,
  b: 17,
  c: 734.5589141845703,
  d: 11.748207092285156,
  e: 702.4375,
  f: 685.4375,
};
//zh HeapAlloc 与 HeapInuse 对调
//en HeapAlloc and HeapInuse exchanged
const names = {
  a: "HeapReleased",
  b: "HeapAlloc",
  c: "Sys",
  d: "HeapInuse",
  e: "HeapSys",
  f: "HeapIdle",
};
table(
  Object.entries(names).map(([k, name]) => [
    name,
    dump[k as "a"],
  ]),
);
