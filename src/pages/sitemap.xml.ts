/** Every page in both languages, each naming the other. */
import type { APIRoute } from "astro";
import { href, langs, tag, url } from "../i18n/index.ts";
import { writtenChapters } from "../mdx/chapters.ts";

export const GET: APIRoute = async ({ site }) => {
  const slugs = ["", "glossary", "claims", ...new Set((await writtenChapters()).map((one) => one.slug))];
  const absolute = (path: string) => new URL(path, site).href;
  const pages = slugs.flatMap((slug) => {
    const links = langs.map(
      (lang) => `    <xhtml:link rel="alternate" hreflang="${tag[lang]}" href="${absolute(href(lang, slug))}"/>`,
    );
    return langs.map((lang) => `  <url>\n    <loc>${absolute(href(lang, slug))}</loc>\n${links.join("\n")}\n  </url>`);
  });
  const xml = [
    `<?xml version="1.0" encoding="UTF-8"?>`,
    `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">`,
    `  <url>\n    <loc>${absolute(url(""))}</loc>\n  </url>`,
    ...pages,
    `</urlset>\n`,
  ];
  return new Response(xml.join("\n"), { headers: { "Content-Type": "application/xml" } });
};
