//zh 重新算一遍，换几段范围来问
//en reckoned anew, and asked for several ranges
const rowsOfGo = sizeClasses();
const share = (size: number) => {
  const {
    size: slot,
    objects,
    spanBytes,
  } = rowsOfGo[rowsOfGo.findIndex((c) => c.size >= size)];
  return slot < size ? 0 : 1 - (objects * size) / spanBytes;
};
const asked = [
  [1025, 32760],
  [1025, 1500],
  [4500, 4800],
  [2049, 3400],
  [9000, 12000],
  [20481, 21000],
] as const;
const wrong = asked.find(([from, to]) => {
  let most = 0;
  for (let size = from; size <= to; size++)
    most = Math.max(most, share(size));
  const answer = worst(from, to);
  const inRange =
    Number.isInteger(answer) && answer >= from && answer <= to;
  return !inRange || Math.abs(share(answer) - most) > 1e-12;
});
const verdict =
  wrong === undefined
    ? {
        zh: `六段都对。大于 1 KB 时，最费的是 ${worst(1025, 32760)} 字节。`,
        en: `Right for all six ranges. Above 1 KB the worst is ${worst(1025, 32760)} bytes.`,
      }
    : {
        zh: `从 ${wrong[0]} 到 ${wrong[1]}，最费的不是 ${worst(wrong[0], wrong[1])}。`,
        en: `From ${wrong[0]} to ${wrong[1]} the worst is not ${worst(wrong[0], wrong[1])}.`,
      };
({ ok: wrong === undefined, say: verdict });
