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
//zh 等式成立，却和 NextGC 矛盾
//en the sums hold, but not with NextGC
const names = {
  a: "HeapAlloc",
  b: "HeapIdle",
  c: "Sys",
  d: "HeapReleased",
  e: "HeapSys",
  f: "HeapInuse",
};
table(
  Object.entries(names).map(([k, name]) => [
    name,
    dump[k as "a"],
  ]),
);
