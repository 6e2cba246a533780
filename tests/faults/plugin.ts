/** Applies the fault named by the environment variable FAULT to the engine's sources while tests load them. */
import { resolve } from "node:path";
import type { Plugin } from "vite";
import { applyFault, faultNamed } from "./faults.ts";

const root = resolve(import.meta.dirname, "../..");

/** A Vite plugin for vitest.config.ts; null when FAULT is not set. @throws {Error} when it names no fault */
export function faultPlugin(name = process.env.FAULT): Plugin | null {
  if (name === undefined || name === "") return null;
  const fault = faultNamed(name);
  const file = resolve(root, fault.file);
  return {
    name: `fault:${name}`,
    enforce: "pre",
    transform: (code, id) => (id.split("?")[0] === file ? { code: applyFault(fault, code), map: null } : null),
  };
}
