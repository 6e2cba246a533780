import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const css = readFileSync("src/styles/tokens.css", "utf8");
/** The first :root block: a colour is written there once, for both themes. */
const first = css.slice(css.indexOf(":root {"), css.indexOf(":root:lang(zh)"));

function colour(name: string, theme: "light" | "dark"): string {
  const value = new RegExp(`--${name}:\\s*([^;]+);`).exec(first)?.[1]?.trim();
  if (value === undefined) throw new Error(`no token --${name}`);
  const alias = /^var\(--([\w-]+)\)$/.exec(value)?.[1];
  if (alias !== undefined) return colour(alias, theme);
  const pair = /^light-dark\((#[0-9a-f]{6}),\s*(#[0-9a-f]{6})\)$/.exec(value);
  return pair === null ? value : pair[theme === "light" ? 1 : 2]!;
}

/** WCAG 2 relative luminance and contrast. */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const c = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}
function contrast(a: string, b: string): number {
  const [x, y] = [luminance(a), luminance(b)].sort((p, q) => q - p);
  return (x! + 0.05) / (y! + 0.05);
}

describe("contrast, computed from the style sheet", () => {
  /** What each ink is for decides how much it needs: 7 text to read, 4.5 small words, 3 edges that carry meaning. */
  const needs: readonly (readonly [ink: string, on: string, ratio: number])[] = [
    ["ink", "paper", 7],
    ["ink", "plate", 7],
    ["ink", "indigo-wash", 7],
    ["ink", "verm-wash", 7],
    ["ink-2", "paper", 7],
    ["ink-2", "plate", 7],
    ["ink-3", "paper", 4.5],
    ["ink-3", "plate", 4.5],
    ["indigo", "paper", 7],
    ["indigo", "plate", 7],
    ["verm", "paper", 7],
    ["verm", "plate", 4.5],
    ["paper", "ink", 7],
    ["paper", "indigo", 7],
    ["rule-2", "paper", 3],
    ["rule-2", "plate", 3],
    ["m-scan", "paper", 4.5],
    ["m-noscan", "paper", 3],
    ["m-tiny", "paper", 3],
    ["m-meta", "paper", 4.5],
    ["m-scan", "plate", 3],
    ["m-noscan", "plate", 3],
    ["m-tiny", "plate", 3],
    ["m-meta", "plate", 3],
    ["t-edge", "paper", 3],
  ];
  for (const theme of ["light", "dark"] as const) {
    test.each(needs)(`${theme}: %s on %s is at least %f`, (ink, on, ratio) => {
      expect(contrast(colour(ink, theme), colour(on, theme))).toBeGreaterThanOrEqual(ratio);
    });
  }

  test("the formula knows black on white", () => {
    expect(contrast("#000000", "#ffffff")).toBeCloseTo(21, 5);
    expect(contrast("#777777", "#ffffff")).toBeCloseTo(4.48, 2);
  });
});

describe("colour comes from tokens only", () => {
  const sheets = readdirSync("src/styles").filter((name) => name.endsWith(".css") && name !== "tokens.css");
  const literal = /#[0-9a-f]{3,8}\b(?!-)|\b(?:rgb|hsl|oklch|oklab|lab|lch|hwb|color)a?\(/gi;

  test.each(sheets)("%s names no colour of its own", (name) => {
    const text = readFileSync(join("src/styles", name), "utf8").replaceAll(/\/\*[\s\S]*?\*\//g, "");
    const found = [...text.matchAll(literal)].map((match) => match[0]).filter((one) => one !== "#0000");
    expect(found.filter((one) => !/^url\(/.test(one))).toEqual([]);
    expect(text).not.toContain("!important");
  });

  test("components and pages hold no colours, no sizes and no style sheets", () => {
    const files = readdirSync("src", { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".astro"));
    expect(files.length).toBeGreaterThan(10);
    for (const name of files) {
      const text = readFileSync(join("src", name), "utf8");
      expect(text, name).not.toMatch(/<style/);
      // A number that the data decides may be handed over as a custom property, nothing else.
      for (const [, style] of text.matchAll(/\bstyle=(?:"([^"]*)"|\{`([^`]*)`\})/g))
        expect(style ?? "--", name).toMatch(/^--/);
      expect(text.match(/#[0-9a-f]{6}\b/i), name).toBeNull();
    }
  });

  test("no corner is round and nothing casts a shadow", () => {
    for (const name of sheets) {
      const text = readFileSync(join("src/styles", name), "utf8");
      const radii = [...text.matchAll(/border-radius:\s*([^;]+);/g)].map((match) => match[1]);
      // A round node in a lane is a shape of the alphabet, not a corner.
      expect(
        radii.filter((one) => one !== "0" && one !== "50%"),
        name,
      ).toEqual([]);
      expect(text, name).not.toMatch(/box-shadow:(?!\s*(?:inset|none))/);
    }
  });
});
