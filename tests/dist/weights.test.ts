import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { builtPages, dist, fileOf } from "./pages.ts";

const KB = 1000;
const limit = 60 * KB;
const base = process.env["BASE_PATH"] ?? "/";
const gz = (file: string) => gzipSync(readFileSync(file), { level: 9 }).length;

/** A module and what it imports statically: the browser fetches these before the first click, chunks of `import()` not. */
function modules(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const text = readFileSync(file, "utf8");
  for (const match of text.matchAll(/(?:^|[;}\n])\s*(?:import|export)\b[^;"'()]*?["'](\.{1,2}\/[^"']+\.js)["']/g)) {
    modules(join(dirname(file), match[1]!), seen);
  }
  return seen;
}

describe("weight before the first click (HTML, CSS and JavaScript, gzip; fonts aside)", () => {
  const pages = builtPages().filter((page) => /^(zh|en)\//.test(page.path));
  test.each(pages.map((page) => [page.path, page] as const))("%s is at most 60 KB", (path, page) => {
    const html = gzipSync(page.html, { level: 9 }).length;
    const files = new Set<string>();
    for (const { name, attributes } of page.tags) {
      const rel = attributes.get("rel");
      const address =
        name === "script"
          ? attributes.get("src")
          : rel === "stylesheet" || rel === "modulepreload"
            ? attributes.get("href")
            : undefined;
      if (address === undefined) continue;
      const file = fileOf(new URL(address, "http://site").pathname, base)!;
      for (const one of file.endsWith(".js") ? modules(file) : [file]) files.add(one);
    }
    const rest = [...files].map((file) => [file.slice(dist.length), gz(file)] as const);
    const total = html + rest.reduce((sum, [, size]) => sum + size, 0);
    console.log(
      `/${path}: ${(total / KB).toFixed(1)} KB = html ${(html / KB).toFixed(1)}${rest.map(([f, n]) => ` + ${f.split("/").at(-1)} ${(n / KB).toFixed(1)}`).join("")}`,
    );
    expect(total).toBeLessThanOrEqual(limit);
    expect(rest.some(([file]) => file.endsWith(".css"))).toBe(true);
  });
});
