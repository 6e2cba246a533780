import { satteri } from "@astrojs/markdown-satteri";
import mdx from "@astrojs/mdx";
import { defineConfig } from "astro/config";
import { monacoCss } from "./src/editor/monaco-css-plugin.ts";
import { headerPolicy } from "./src/kernel/policy.ts";
import { kernelPlugin } from "./src/kernel/vite-plugin.ts";
import { hostHeaders } from "./src/mdx/host-headers.ts";
import { searchIndex } from "./src/search/integration.ts";

/**
 * The site is static and lives under any base path: `BASE_PATH=/book npm run build`. `SITE_URL` is its public origin,
 * for the addresses that must be absolute (sitemap, canonical links).
 */
const base = process.env["BASE_PATH"] ?? "/";
const port = Number(process.env["PORT"] ?? 4321);
const headers = {
  "Content-Security-Policy": headerPolicy(),
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
};

export default defineConfig({
  site: process.env["SITE_URL"] ?? `http://localhost:${port}`,
  base,
  trailingSlash: "always",
  build: { format: "directory", inlineStylesheets: "never" },
  server: { port, headers },
  devToolbar: { enabled: false },
  i18n: {
    locales: ["zh", "en"],
    defaultLocale: "zh",
    routing: { prefixDefaultLocale: true, redirectToDefaultLocale: false },
  },
  markdown: {
    // Headings carry their permanent anchor: `## A question? {#slug}`. Listings are set in ink, not in a rainbow.
    processor: satteri({ features: { headingAttributes: true, smartPunctuation: false } }),
    syntaxHighlight: false,
  },
  integrations: [mdx(), hostHeaders(headers), searchIndex()],
  vite: {
    // The policy allows no inline script, so none may be made of a small one.
    build: { assetsInlineLimit: 0 },
    oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
    plugins: [kernelPlugin(), monacoCss()],
    worker: { format: "es" },
  },
});
