/**
 * The flat build in a bundle.
 *
 *   flattenPlugin()  for rolldown and vite: the hot modules of the engine in their flat form
 *   bundle()         a program with the engine, flat or as it is written, on disk as one module
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rolldown } from "rolldown";
import { flatten } from "./flatten.ts";

const repo = process.cwd();

/** Puts the flat modules into a bundle. */
export function flattenPlugin() {
  let flat: Promise<Map<string, string>> | null = null;
  return {
    name: "flatten",
    async load(id: string) {
      const at = id.replaceAll("\\", "/").lastIndexOf("/engine/");
      if (at < 0) return null;
      flat ??= flatten();
      const code = (await flat).get(id.replaceAll("\\", "/").slice(at + 1));
      return code === undefined ? null : { code, moduleType: "js" as const };
    },
  };
}

/**
 * Bundles a program and writes it below node_modules/.cache, named by its content.
 *
 * @param input path from the root of the repository
 * @returns the bundle's path
 */
export async function bundle(input: string, isFlat: boolean): Promise<string> {
  const made = await rolldown({
    input: join(repo, input),
    platform: "node",
    logLevel: "silent",
    plugins: isFlat ? [flattenPlugin()] : [],
  });
  try {
    const { output } = await made.generate({ format: "esm" });
    const text = output[0].code;
    const name = createHash("sha256").update(text).digest("hex").slice(0, 16);
    const path = join(repo, "node_modules/.cache/flat", `${isFlat ? "flat" : "readable"}-${name}.mjs`);
    if (!existsSync(path)) {
      mkdirSync(join(path, ".."), { recursive: true });
      writeFileSync(`${path}.${process.pid}`, text);
      renameSync(`${path}.${process.pid}`, path);
    }
    return path;
  } finally {
    await made.close();
  }
}
