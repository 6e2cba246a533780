/**
 * Headers for static hosts that read a `_headers` file (Netlify, Cloudflare Pages). A host that sends none is served
 * too: the page policy stands in every page's <meta>.
 */
import { writeFileSync } from "node:fs";
import type { AstroIntegration } from "astro";

export function hostHeaders(headers: Readonly<Record<string, string>>): AstroIntegration {
  return {
    name: "host-headers",
    hooks: {
      "astro:build:done": ({ dir }) => writeFileSync(new URL("_headers", dir), headersFile(headers)),
    },
  };
}

export function headersFile(headers: Readonly<Record<string, string>>): string {
  const lines = Object.entries(headers).map(([name, value]) => `  ${name}: ${value}`);
  return `/*\n${lines.join("\n")}\n`;
}
