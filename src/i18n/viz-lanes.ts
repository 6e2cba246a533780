/** Words of Ps as lanes. */
const en = {
  caption: "Each P with its goroutines and the spans in its mcache",
  runs: "runs",
  idle: "no goroutine",
  tiny: (offset: number) => `tiny block, \`${offset}\` of 16 bytes passed`,
  noSpans: "its mcache is empty",
  span: (size: number, noscan: boolean, used: number, n: number) =>
    `${size === 0 ? "large" : `${size} B`}, ${noscan ? "noscan" : "scan"}: ${used} of ${n} slots`,
  say: (ps: number, spans: number) =>
    `${ps} ${ps === 1 ? "P" : "Ps"}, ${spans} cached ${spans === 1 ? "span" : "spans"}; no span is in two mcaches.`,
  shared: (base: string) => `The span at \`${base}\` is in two mcaches.`,
  object: (label: string, address: string, slot: number, base: string, holder: string, madeOn: number | undefined) =>
    `\`${label}\` at \`${address}\`: slot ${slot} of span \`${base}\`, ${holder}${madeOn === undefined ? "" : `; made on P${madeOn}`}.`,
  group: (names: string[], slots: number[], base: string, holder: string, moved: string[]) =>
    `\`${names.join(" ")}\`: ${slots.length === 1 ? "slot" : "slots"} ${slots.join(", ")} of span \`${base}\`, ${holder}${
      moved.length > 0 ? `; made on another P: \`${moved.join(" ")}\`` : ""
    }.`,
  heldBy: (p: number) => `which is in the mcache of P${p}`,
  heldByNone: "which is in no mcache",
  row: (from: number, to: number, n: number) => `above: all ${n} slots; below: slots ${from} to ${to}`,
  keyUsed: (kind: string) =>
    `taken, ${{ scan: "with pointers", noscan: "no pointers", tiny: "tiny blocks or 16 bytes without pointers" }[kind]}`,
  keyFree: "free, and this P’s to hand out",
  keyNext: "next to be handed out",
};

const zh: typeof en = {
  caption: "每个 P：正在运行的 goroutine，和 mcache 里的 span",
  runs: "运行",
  idle: "没有 goroutine",
  tiny: (offset) => `微型块，16 字节已走过 \`${offset}\``,
  noSpans: "它的 mcache 是空的",
  span: (size, noscan, used, n) =>
    `${size === 0 ? "大对象" : `${size} B`}，${noscan ? "noscan" : "scan"}：${n} 个槽用了 ${used}`,
  say: (ps, spans) => `${ps} 个 P，缓存着 ${spans} 个 span；没有哪个 span 同时在两个 mcache 里。`,
  shared: (base) => `地址 \`${base}\` 的 span 同时在两个 mcache 里。`,
  object: (label, address, slot, base, holder, madeOn) =>
    `\`${label}\`，地址 \`${address}\`：span \`${base}\` 的第 ${slot} 槽，${holder}${madeOn === undefined ? "" : `；分配它的是 P${madeOn}`}。`,
  group: (names, slots, base, holder, moved) =>
    `\`${names.join(" ")}\`：span \`${base}\` 的第 ${slots.join("、")} 槽，${holder}${
      moved.length > 0 ? `；由别的 P 分配：\`${moved.join(" ")}\`` : ""
    }。`,
  heldBy: (p) => `这个 span 在 P${p} 的 mcache 里`,
  heldByNone: "这个 span 不在任何 mcache 里",
  row: (from, to, n) => `上：全部 ${n} 个槽；下：第 ${from} 到 ${to} 槽`,
  keyUsed: (kind) => `已占用，${{ scan: "含指针", noscan: "无指针", tiny: "微型块或 16 字节无指针对象" }[kind]}`,
  keyFree: "还空着，由这个 P 分配",
  keyNext: "下一个分配的槽",
};

export const lanesWords = { en, zh } as const;
