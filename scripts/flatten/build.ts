/**
 * The flat build on disk and in a bundle.
 *
 *   loadFlat()       the flat module, loaded beside the readable engine whose other modules it shares
 *   flattenPlugin()  for rolldown and vite: the flat module in place of engine/runtime/malloc.ts
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type * as malloc from "../../engine/runtime/malloc.ts";
import { flatten } from "./flatten.ts";
import { HOT_MODULE } from "./hot.ts";

const repo = resolve(import.meta.dirname, "../..");

/** Writes the flat module below node_modules/.cache, named by its content, and gives its path. */
export async function writeFlat(): Promise<string> {
  const home = dirname(join(repo, HOT_MODULE));
  const text = (await flatten()).replace(/ from "(\.[^"]+)"/g, (_, from: string) => {
    return ` from ${JSON.stringify(pathToFileURL(join(home, from)).href)}`;
  });
  const name = createHash("sha256").update(text).digest("hex").slice(0, 16);
  const path = join(repo, "node_modules/.cache/flat", `malloc-${name}.mjs`);
  if (!existsSync(path)) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(`${path}.${process.pid}`, text);
    renameSync(`${path}.${process.pid}`, path);
  }
  return path;
}

/** The flat module, loaded. */
export async function loadFlat(): Promise<typeof malloc> {
  return import(/* @vite-ignore */ pathToFileURL(await writeFlat()).href);
}

/** Puts the flat module into a bundle. */
export function flattenPlugin() {
  return {
    name: "flatten",
    async load(id: string) {
      const isHot = id.replaceAll("\\", "/").endsWith(`/${HOT_MODULE}`);
      return isHot ? { code: await flatten(), moduleType: "js" as const } : null;
    },
  };
}
