import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { builtPages, fileOf } from "./pages.ts";

const out = mkdtempSync(join(tmpdir(), "book-"));
/** Vitest hands its own Vite settings on through the environment; the site is built as a shell would. */
const ofVitest = /^(VITEST.*|NODE_ENV|MODE|DEV|PROD|SSR|BASE_URL|TEST)$/;
const outside = Object.fromEntries(Object.entries(process.env).filter(([name]) => !ofVitest.test(name)));
afterAll(() => rmSync(out, { recursive: true, force: true }));

test("under another base path every address of the site still leads into it", { timeout: 300_000 }, () => {
  const { status, stderr } = spawnSync("npx", ["--no-install", "astro", "build", "--outDir", out], {
    encoding: "utf8",
    shell: process.platform === "win32",
    env: { ...outside, BASE_PATH: "/a/book/", SITE_URL: "https://example.org", ASTRO_TELEMETRY_DISABLED: "1" },
  });
  expect(status, stderr).toBe(0);
  const lost: string[] = [];
  for (const page of builtPages(out)) {
    for (const { name, attributes } of page.tags) {
      for (const key of ["href", "src"]) {
        const address = attributes.get(key);
        if (address === undefined || name === "use" || /^(data|mailto):/.test(address)) continue;
        const at = new URL(address, `https://example.org/a/book/${page.path}`);
        if (at.origin === "https://example.org" && fileOf(at.pathname, "/a/book/", out) === undefined) {
          lost.push(`${page.path}: ${name} ${key}="${address}"`);
        }
      }
    }
  }
  expect(lost.slice(0, 20)).toEqual([]);
  expect(readFileSync(join(out, "sitemap.xml"), "utf8")).toContain("<loc>https://example.org/a/book/zh/");
});
