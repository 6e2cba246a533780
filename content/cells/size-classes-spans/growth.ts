import { boot, type GoType, int, pointer } from "goheap";

const go = boot();
//zh 一次 append 一个元素，记下每个新数组的容量
//en append one element at a time, note each new capacity
const grow = (T: GoType) => {
  const caps = [4];
  let s = go.make(T, 0, 4);
  while (caps.length < 14) {
    s = go.append(s, T === int ? 1 : null);
    if (s.size / 8 !== caps.at(-1)) caps.push(s.size / 8);
  }
  return caps;
};
const [ints, pointers] = [grow(int), grow(pointer(int))];
const rows = ints.map((cap, i) => {
  //zh want：取整之前想要的容量
  //en want: the capacity before it is rounded
  const last = ints[i - 1] ?? 2;
  const more = last < 256 ? last : (last + 768) >> 2;
  const want = last + more;
  const bytes = 8 * want;
  return { want, bytes, "[]int": cap, "[]*int": pointers[i] };
});
table(rows, { turn: 5 });
