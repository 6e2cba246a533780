/**
 * Which browser the tests drive. The first that is there wins:
 *
 *   1. CHROMIUM_PATH (an error when it does not exist)
 *   2. Playwright's own download
 *   3. chromium, chromium-browser or google-chrome on the PATH
 *   4. Chrome or Edge where they are usually installed (macOS, Windows)
 *   5. the npm package @sparticuz/chromium (Linux x64), unpacked once
 */
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "@playwright/test";

export interface Browser {
  readonly executablePath?: string;
  readonly channel?: "chrome" | "msedge";
  /** Where it was found, for the log. */
  readonly from: string;
}

export async function findBrowser(): Promise<Browser> {
  return fromVariable() ?? fromPlaywright() ?? fromPath() ?? fromChannel() ?? (await fromPackage());
}

/** Launch options for Playwright. As root Chromium cannot use its own sandbox. */
export async function launchOptions() {
  const { executablePath, channel } = await findBrowser();
  return {
    ...(executablePath === undefined ? {} : { executablePath }),
    ...(channel === undefined ? {} : { channel }),
    args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
  };
}

function fromVariable(): Browser | undefined {
  const path = process.env["CHROMIUM_PATH"];
  if (path === undefined || path === "") return undefined;
  if (!existsSync(path)) throw new Error(`CHROMIUM_PATH is ${path}, but nothing is there: mend or unset it`);
  return { executablePath: path, from: "CHROMIUM_PATH" };
}

function fromPlaywright(): Browser | undefined {
  const path = chromium.executablePath();
  return path !== "" && existsSync(path) ? { executablePath: path, from: "Playwright" } : undefined;
}

function fromPath(): Browser | undefined {
  for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
    for (const name of ["chromium", "chromium-browser", "google-chrome"]) {
      const path = join(folder, name);
      if (existsSync(path)) return { executablePath: path, from: "the system" };
    }
  }
  return undefined;
}

function fromChannel(): Browser | undefined {
  if (process.platform === "darwin" && existsSync("/Applications/Google Chrome.app")) {
    return { channel: "chrome", from: "Google Chrome" };
  }
  return process.platform === "win32" ? { channel: "msedge", from: "Microsoft Edge" } : undefined;
}

async function fromPackage(): Promise<Browser> {
  if (process.platform === "linux" && process.arch === "x64") {
    const { default: packaged } = await import("@sparticuz/chromium");
    return { executablePath: await packaged.executablePath(), from: "@sparticuz/chromium" };
  }
  throw new Error(
    "no browser found: install Chromium or Chrome, or set CHROMIUM_PATH to one, or run `npx playwright install chromium`",
  );
}
