import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { pagePolicy } from "../../src/kernel/policy.ts";
import { builtPages, dist } from "./pages.ts";

const pages = builtPages();
const reading = pages.filter((page) => /^(zh|en)\//.test(page.path));

describe("every built page", () => {
  test.each(pages.map((page) => [page.path || "/", page] as const))(
    "%s carries the policy before anything it must hold for",
    (_, page) => {
      const metas = page.tags.filter((tag) => tag.attributes.get("http-equiv") === "Content-Security-Policy");
      expect(metas.map((tag) => tag.attributes.get("content"))).toEqual([pagePolicy()]);
      const firstLoad = page.tags.findIndex(({ name }) => name === "script" || name === "link");
      expect(page.tags.indexOf(metas[0]!)).toBeLessThan(firstLoad);
    },
  );

  test.each(pages.map((page) => [page.path || "/", page] as const))(
    "%s has no script of its own inside: the policy would refuse it",
    (_, page) => {
      const inline = [...page.html.matchAll(/<script\b([^>]*)>([\s\S]*?)<\/script>/g)].filter(
        ([, attributes, text]) => text!.trim() !== "" && !/type="application\/(ld\+)?json"/.test(attributes!),
      );
      expect(inline.map(([whole]) => whole.slice(0, 120))).toEqual([]);
      expect(
        page.tags.flatMap(({ attributes }) => [...attributes.keys()].filter((name) => /^on[a-z]+$/.test(name))),
      ).toEqual([]);
    },
  );

  test.each(reading.map((page) => [page.path, page] as const))(
    "%s says its language and names the other one",
    (_, page) => {
      const zh = page.path.startsWith("zh/");
      expect(page.tags.find((tag) => tag.name === "html")?.attributes.get("lang")).toBe(zh ? "zh-Hans" : "en");
      const alternates = page.tags
        .filter((tag) => tag.name === "link" && tag.attributes.get("rel") === "alternate")
        .map((tag) => tag.attributes.get("hreflang"));
      expect(alternates).toEqual(["zh-Hans", "en", "x-default"]);
      expect(page.tags.filter((tag) => tag.name === "h1")).toHaveLength(1);
      expect(page.tags.find((tag) => tag.attributes.get("name") === "description")?.attributes.get("content")).not.toBe(
        "",
      );
    },
  );

  test("the front door and the page that does not exist offer both languages without a script", () => {
    for (const path of ["", "404.html"]) {
      const page = pages.find((one) => one.path === path)!;
      const links = page.tags.filter((tag) => tag.name === "a").map((tag) => tag.attributes.get("href"));
      expect(links.filter((href) => /\/(zh|en)\/$/.test(href ?? ""))).toHaveLength(2);
    }
  });

  test("Go's release is said once in a page's footer, and nowhere as another one", () => {
    for (const page of reading) {
      const foot = /<footer[\s\S]*?<\/footer>/.exec(page.html)?.[0] ?? "";
      expect(foot.match(/1\.26\.8/g)).toHaveLength(1);
      const others = [...page.html.matchAll(/\b1\.26\.(\d+)\b/g)]
        .map((match) => match[0])
        .filter((v) => v !== "1.26.8");
      expect(others).toEqual([]);
    }
  });

  test("the sitemap lists every page for readers, each with its other language", () => {
    const xml = readFileSync(join(dist, "sitemap.xml"), "utf8");
    const listed = [...xml.matchAll(/<loc>[^<]*?:\/\/[^/]+\/([^<]*)<\/loc>/g)].map((match) => match[1]);
    const base = (process.env["BASE_PATH"] ?? "/").slice(1);
    expect(listed.sort()).toEqual(["", ...reading.map((page) => page.path)].map((path) => base + path).sort());
    expect(xml.match(/hreflang="zh-Hans"/g)).toHaveLength(reading.length);
  });

  test("static hosts get the policy as a header too", () => {
    const headers = readFileSync(join(dist, "_headers"), "utf8");
    expect(headers).toContain("/*\n  Content-Security-Policy: default-src 'self'");
    expect(headers).toContain("require-trusted-types-for 'script'");
  });
});
