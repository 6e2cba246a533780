let s = 7;
const draw = (n: number) => (s = (s * 48271) % 2147483647) % n;
const ways = ["first fit", "best fit", "worst fit"];
const strips = ways.map((name, way) => {
  const all = [{ at: 0, size: 0 }];
  let end = 0;
  s = 7;
  //zh 四百块，按地址排好；来一块之前，先随机走一块
  //en 400 blocks in address order; one goes before one comes
  for (let i = 0; i < 10000; i++) {
    if (i > 400) all.splice(1 + draw(400), 1);
    const size = 8 * (1 + draw(64));
    let [k, most] = [all.length, -Infinity];
    for (let j = 1; j < all.length; j++) {
      const gap = all[j].at - all[j - 1].at - all[j - 1].size;
      const merit = [-j, -gap, gap][way];
      if (gap >= size && merit > most) [k, most] = [j, merit];
    }
    const at = all[k - 1].at + all[k - 1].size;
    all.splice(k, 0, { at, size });
    end = Math.max(end, at + size);
  }
  const asked = all.reduce((sum, { size }) => sum + size, 0);
  return { name, asked, end, all };
});
table(strips.map(({ all: _, ...row }) => row));
