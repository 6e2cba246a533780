const judged = os.figures;
const hasAll = judged.virtual === 1024 * MiB;
const isRight = hasAll && judged.resident === 32 * 1024;
const pages = judged.resident / 4096;
const verdict = !hasAll
  ? {
      zh: "地址要正好 1 GiB。",
      en: "There must be exactly 1 GiB of addresses.",
    }
  : !isRight
    ? {
        zh: `常驻了 ${pages} 页，要的是 8 页。`,
        en: `${pages} pages are resident. 8 are wanted.`,
      }
    : {
        zh: "8 页常驻，其余 262136 页只有地址。",
        en: "8 pages are resident. The other 262,136 are addresses.",
      };
({ ok: isRight, say: verdict });
