//zh 在检查自己的堆里再申请一次
//en asked for once more, on a heap of the check's own
const judge = boot();
const got = judge.where(judge.new(T));
const verdict =
  got.elemsize === 48
    ? {
        zh: `${T.size} 字节，槽是 48 字节，第 ${got.sizeclass} 类。`,
        en: `${T.size} bytes take a slot of 48, class ${got.sizeclass}.`,
      }
    : {
        zh: `${T.size} 字节得到的槽是 ${got.elemsize} 字节。`,
        en: `${T.size} bytes take a slot of ${got.elemsize}.`,
      };
({ ok: got.elemsize === 48, say: verdict });
