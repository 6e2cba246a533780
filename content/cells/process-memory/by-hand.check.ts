const judge = boot();
const addresses = [
  "0xc000000000",
  "0xc000012340",
  "0xc003ffffff",
  "0xc004000000",
  "0x24473e7f0000",
  "0x1",
  "0x7fffffffffff",
];
for (let i = 0, at = 0xc000000000; i < 200; i++) {
  at = (at * 5 + 0x12345677) % 2 ** 47;
  addresses.push(`0x${at.toString(16)}`);
}
const off = addresses.find((address) => {
  const { arena, page } = locate(address);
  const truth = judge.arena(address);
  return arena !== truth.arena || page !== truth.page;
});
const truth = judge.arena(off ?? "0xc000000000");
const verdict =
  off === undefined
    ? {
        zh: `${addresses.length} 个地址都对。`,
        en: `Right for ${addresses.length} addresses.`,
      }
    : {
        zh: `${off} 应该在第 ${truth.arena} 个 arena 的第 ${truth.page} 页。`,
        en: `${off} is in arena ${truth.arena}, page ${truth.page}.`,
      };
({ ok: off === undefined, say: verdict });
