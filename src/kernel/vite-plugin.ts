/**
 * Modules that are made, not written:
 *
 *   virtual:kernel-worker   default: the worker's program text (bundle.ts), loaded at the first run
 *   virtual:kernel-frame    default: the document of the sandboxed frame (policy.ts)
 *   virtual:goheap-types    default: declarations of what a cell may use, for the editor, by file (types.ts)
 *
 * The worker's text goes into the page as a string, since an opaque frame can fetch nothing; it is the same text in
 * `astro dev` as in a build.
 */

import { join } from "node:path";
import type { Plugin } from "vite";
import { bundleWorker } from "./bundle.ts";
import { frameDocument } from "./policy.ts";
import { cellTypes } from "./types.ts";

const WORKER = "virtual:kernel-worker";
const FRAME = "virtual:kernel-frame";
const TYPES = "virtual:goheap-types";

export function kernelPlugin(): Plugin {
  let worker: Promise<string> | null = null;
  let isBuild = true;
  return {
    name: "goheap-kernel",
    configResolved(config) {
      isBuild = config.command === "build";
    },
    resolveId(id) {
      return id === WORKER || id === FRAME || id === TYPES ? `\0${id}` : null;
    },
    async load(id) {
      if (id === `\0${FRAME}`) return `export default ${JSON.stringify(frameDocument())};`;
      if (id === `\0${TYPES}`) return `export default ${JSON.stringify(cellTypes())};`;
      if (id !== `\0${WORKER}`) return null;
      worker ??= bundleWorker({ minify: isBuild });
      return `export default ${JSON.stringify(await worker)};`;
    },
    configureServer(server) {
      // what the page does not import but shows or runs: the author sees a change at once all the same
      const sources = ["engine", "src/kernel", "src/viz", "content/cells"].map((folder) => join(process.cwd(), folder));
      server.watcher.add(sources);
      server.watcher.on("change", (file) => {
        if (!sources.some((folder) => file.startsWith(folder))) return;
        worker = null;
        for (const name of [WORKER, TYPES]) {
          const module = server.moduleGraph.getModuleById(`\0${name}`);
          if (module !== undefined) server.moduleGraph.invalidateModule(module);
        }
        server.ws.send({ type: "full-reload" });
      });
    },
  };
}
