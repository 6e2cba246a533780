const seed = input.range("seed", { min: 2, max: 9 });
const pick = (t: number, n: number) =>
  (Math.imul(9 * t + seed, 0x9e3779b1) >>> 8) % n;
const play = (goesOn: boolean) => {
  const used: boolean[] = [];
  const runs: [at: number, end: number][] = [];
  let end = 0;
  return Array.from({ length: 300 }, (_, t) => {
    while (runs.length >= (t % 100 < 50 ? 40 : 20))
      for (const run of runs.splice(pick(t, runs.length), 1))
        used.fill(false, ...run);
    const pages = 16 + pick(t + 500, 64);
    //zh 接着上次找，过了 2400 页再从头
    //en on from the last one, from 0 again beyond page 2400
    let at = goesOn && end < 2400 ? end : 0;
    for (let i = at; i < at + pages; i++)
      if (used[i]) at = i + 1;
    end = at + pages;
    for (let i = at; i < end; i++) used[i] = true;
    runs.push([at, end]);
    return Math.max(...runs.flat());
  });
};
const [first, next] = [play(false), play(true)];
chart({ "first fit": first, "next fit": next }, { y: "page" });
print("first fit:", first.at(-1), "next fit:", next.at(-1));
