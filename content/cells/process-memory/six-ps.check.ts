const truth = boot({ procs: 6 }).memstats().MCacheInuse;
const isRight = answer === truth;
const verdict = isRight
  ? {
      zh: "对，正好是每个 P 一份。",
      en: "Right: one record for each P.",
    }
  : answer === 8 * 2296
    ? {
        zh: "这是 8 个 P 的数，个数不会取成 2 的幂。",
        en: "That is for 8 Ps. The number is not rounded to a power of two.",
      }
    : answer === 6 * 2304
      ? {
          zh: "mcache 不在堆里，大小不取成尺寸类。",
          en: "An mcache is not on the heap, so no size class rounds it.",
        }
      : {
          zh: "看看一个 P 是多少，两个是多少。",
          en: "Look at one P, and at two.",
        };
({ ok: isRight, say: verdict });
