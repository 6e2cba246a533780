/**
 * Monaco's style sheets come with Monaco, at run time. Left alone, the build links all of them (175 KB) from every
 * page that has a cell, although Monaco itself is behind an `import()`.
 */

import type { Plugin } from "vite";

const PREFIX = "\0monaco-css:";

export function monacoCss(): Plugin {
  return {
    name: "monaco-css",
    enforce: "pre",
    async resolveId(source, importer) {
      if (!source.endsWith(".css") || importer === undefined || !importer.includes("monaco-editor")) return null;
      const found = await this.resolve(source, importer, { skipSelf: true });
      // The id must not end in .css, or the style sheet's own plugin would take it back.
      return found === null ? null : `${PREFIX}${found.id}.js`;
    },
    load(id) {
      if (!id.startsWith(PREFIX)) return null;
      const file = JSON.stringify(`${id.slice(PREFIX.length, -3)}?inline`);
      return `import css from ${file};
const style = document.createElement("style");
style.dataset.monaco = "";
style.textContent = css;
document.head.append(style);`;
    },
  };
}
