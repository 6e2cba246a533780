/** Exact integers of 64 bits: each operation against arithmetic on big integers. */
import { describe, expect, test } from "vitest";
import * as int64 from "../../engine/memory/int64.ts";
import { bareMemory } from "../oracle/adapters/pages.ts";

type Int = int64.Int64;

const bits = (x: Int) => (BigInt(int64.hi64(x)) << 32n) | BigInt(int64.lo64(x));
const unsigned = (x: Int) => bits(x);
const signed = (x: Int) => BigInt.asIntN(64, bits(x));
const asU = (v: bigint) => int64.uint64(Number(BigInt.asUintN(64, v) >> 32n), Number(v & 0xffffffffn));
const asS = (v: bigint) => int64.int64(Number(BigInt.asUintN(64, v) >> 32n), Number(v & 0xffffffffn));

/** Words of every length, many of them near a power of two. */
function words(seed: number, count: number): bigint[] {
  let state = seed >>> 0;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state;
  };
  return Array.from({ length: count }, () => {
    const length = (next() >>> 8) % 65;
    const word = BigInt.asUintN(length, (BigInt(next()) << 33n) ^ (BigInt(next()) << 16n) ^ BigInt(next() >>> 9));
    const near = (1n << BigInt(length)) + BigInt((next() >>> 16) % 5) - 2n;
    return (next() >>> 28) % 4 === 0 ? BigInt.asUintN(64, near) : word;
  });
}

const seed = 20260;
const some = words(seed, 4000);
const pairs = some.map((a, i) => [a, some[(i * 7 + 3) % some.length]] as const);

describe(`integers of 64 bits (seed ${seed})`, () => {
  test("law: sums, differences, order and type as big integers have them, numbers wherever a number is exact", () => {
    for (const [a, b] of pairs) {
      const [sa, sb] = [BigInt.asIntN(64, a), BigInt.asIntN(64, b)];
      const sum = int64.addU(asU(a), asU(b));
      expect(unsigned(sum)).toBe(BigInt.asUintN(64, a + b));
      expect(typeof sum === "number").toBe(BigInt.asUintN(64, a + b) < 2n ** 53n);
      expect(unsigned(int64.subU(asU(a), asU(b)))).toBe(BigInt.asUintN(64, a - b));
      expect(signed(int64.addS(asS(a), asS(b)))).toBe(BigInt.asIntN(64, sa + sb));
      expect(signed(int64.subS(asS(a), asS(b)))).toBe(BigInt.asIntN(64, sa - sb));
      expect(int64.lessU(asU(a), asU(b))).toBe(a < b);
      expect(int64.lessS(asS(a), asS(b))).toBe(sa < sb);
      expect(int64.equal64(asU(a), asU(b))).toBe(a === b);
      expect(unsigned(int64.maxU(asU(a), asU(b)))).toBe(a > b ? a : b);
      expect(unsigned(int64.minU(asU(a), asU(b)))).toBe(a < b ? a : b);
      expect(signed(int64.asInt64(asU(a)))).toBe(sa);
      expect(unsigned(int64.asUint64(asS(a)))).toBe(a);
    }
  });

  test("law: products with, and quotients by, whole numbers", () => {
    for (const [a, b] of pairs) {
      const n = Number(BigInt.asUintN(53, b));
      const d = 1 + Number(BigInt.asUintN(21, b));
      expect(unsigned(int64.mulU(asU(a), n))).toBe(BigInt.asUintN(64, a * BigInt(n)));
      expect(unsigned(int64.divU(asU(a), d))).toBe(a / BigInt(d));
    }
  });

  test("law: a float is the nearest double; from a float the fraction goes", () => {
    for (const [a] of pairs) {
      const s = BigInt.asIntN(64, a);
      expect(int64.floatU(asU(a))).toBe(Number(a));
      expect(int64.floatS(asS(a))).toBe(Number(s));
      const f = Number(s) * 0.37;
      expect(signed(int64.truncS(f))).toBe(BigInt(Math.trunc(f)));
      const g = Number(a) * 0.71;
      expect(unsigned(int64.truncU(g))).toBe(BigInt(Math.trunc(g)));
    }
  });

  test.each([
    [Number.NaN, -(2n ** 63n), 2n ** 63n],
    [Number.POSITIVE_INFINITY, -(2n ** 63n), 2n ** 63n],
    [Number.NEGATIVE_INFINITY, -(2n ** 63n), 2n ** 63n],
    [-1.5, -1n, 2n ** 64n - 1n],
    [-1e30, -(2n ** 63n), 2n ** 63n],
    [2 ** 63, -(2n ** 63n), 2n ** 63n],
    [1.8e19, -(2n ** 63n), 18_000_000_000_000_000_000n],
    [2 ** 64, -(2n ** 63n), 2n ** 63n],
    [-0.5, 0n, 0n],
  ])("%d as int64 and as uint64, as a program built with Go 1.26.8 prints it", (f, i, u) => {
    expect(signed(int64.truncS(f))).toBe(i);
    expect(unsigned(int64.truncU(f))).toBe(u);
    expect(Object.is(int64.truncS(-0.5), 0)).toBe(true);
  });

  test("stored and loaded, each half in its place", () => {
    const m = bareMemory();
    for (const [a] of pairs.slice(0, 200)) {
      int64.storeBits64(m, m.data, asU(a));
      expect([m.u32[m.data >> 2], m.u32[(m.data + 4) >> 2]].map(BigInt)).toEqual([a & 0xffffffffn, a >> 32n]);
      expect(unsigned(int64.loadUint64(m, m.data))).toBe(a);
      expect(signed(int64.loadInt64(m, m.data))).toBe(BigInt.asIntN(64, a));
    }
  });
});
