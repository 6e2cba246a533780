/** The Go on the PATH: which it is, and how it is asked to build. */
import { execFileSync } from "node:child_process";

/** The Go that the engine follows. */
export const goVersion = "go1.26.8";

/** What keeps a recording from being made: said in words, exit 2. */
export class RecordError extends Error {
  override readonly name = "RecordError";
}

/** Where Go is, which, and what it builds for. */
export interface Toolchain {
  readonly root: string;
  readonly version: string;
  /** Such as linux/amd64. */
  readonly platform: string;
}

/** The platform of the recordings. */
export const recordedPlatform = "linux/amd64";

/** The Go on the PATH. @returns null when there is none */
export function findGo(): Toolchain | null {
  try {
    const [root, version, os, arch] = go(["env", "GOROOT", "GOVERSION", "GOOS", "GOARCH"]).trim().split("\n");
    return { root, version, platform: `${os}/${arch}` };
  } catch {
    return null;
  }
}

/** Runs the go command. GOTOOLCHAIN: the Go that is there, not another that it would fetch. */
export function go(args: string[], env: NodeJS.ProcessEnv = {}): string {
  return execFileSync("go", args, {
    cwd: import.meta.dirname,
    encoding: "utf8",
    env: { ...process.env, GOTOOLCHAIN: "local", GOFLAGS: "", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** What a command that failed said, or what went wrong with it. */
export function messageOf(e: unknown): string {
  const stderr = (e as { stderr?: string }).stderr?.trim();
  return (stderr || String(e)).split("\n").slice(0, 12).join("\n");
}

/** The Go on the PATH, where it is one to record with. @param any whatever its version @throws {RecordError} */
export function goOrError(any: boolean): Toolchain {
  const toolchain = findGo();
  if (toolchain === null) throw new RecordError(`there is no go on the PATH: install ${goVersion}`);
  if (toolchain.platform !== recordedPlatform) {
    throw new RecordError(
      `the go on the PATH builds for ${toolchain.platform}: recordings are made on ${recordedPlatform}`,
    );
  }
  if (toolchain.version === goVersion || any) return toolchain;
  throw new RecordError(`the go on the PATH is ${toolchain.version}, not ${goVersion}: --any takes it nevertheless`);
}
