/**
 * The parallel run on disk, with a fault in the engine: a copy below node_modules/.cache, named by its content, of the
 * engine and of this folder, types taken off. Threads load modules by themselves, so that no plugin of the test runner
 * could reach them.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import { faultEdit, faultNamed } from "../../faults/faults.ts";

const repo = resolve(import.meta.dirname, "../../..");

function sources(folder: string): string[] {
  return readdirSync(join(repo, folder), { recursive: true, withFileTypes: true })
    .filter((e) => e.isFile() && e.name.endsWith(".ts") && !e.parentPath.includes("node_modules"))
    .map((e) => relative(repo, join(e.parentPath, e.name)))
    .sort();
}

/** Writes the copy. @returns the path of a module of this folder in it, which is JavaScript there */
export function buildWithFault(fault: string, module: "run" | "tasks"): string {
  const { file } = faultNamed(fault);
  const edit = faultEdit(fault);
  const files = [...sources("engine"), ...sources("tests/schedules/parallel")].filter((f) => !f.endsWith("/build.ts"));
  if (!files.includes(file)) throw new Error(`the fault ${fault} is in ${file}, which no thread loads`);
  const hash = createHash("sha256");
  const modules = files.map((path) => {
    const code = stripTypeScriptTypes(edit(path, readFileSync(join(repo, path), "utf8")));
    const text = code.replace(/(["'][^"'\n]*)\.ts(["'])/g, "$1.mjs$2");
    hash.update(`${path}\n${text}\n`);
    return [path.replace(/\.ts$/, ".mjs"), text] as const;
  });
  const folder = join(repo, "node_modules/.cache/parallel", hash.digest("hex").slice(0, 16));
  if (!existsSync(folder)) {
    const draft = `${folder}.${process.pid}`;
    for (const [path, text] of modules) {
      mkdirSync(dirname(join(draft, path)), { recursive: true });
      writeFileSync(join(draft, path), text);
    }
    renameSync(draft, folder);
  }
  return join(folder, `tests/schedules/parallel/${module}.mjs`);
}
