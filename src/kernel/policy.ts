/**
 * The site's Content-Security-Policy, for the page (meta and header) and for the sandboxed frame. Node only.
 *
 * A srcdoc frame and its worker inherit the page's policy and add their own, so the page's must allow what the kernel
 * needs: the bootstrap by its hash, evaluation ('unsafe-eval'; on the page itself Trusted Types keep it shut), and
 * workers from blob: and data:. The frame's own policy then closes everything but that. `frame-src 'self'` on the page
 * stops the one leak that the frame's policy cannot: a frame that navigates itself elsewhere.
 */

import { createHash } from "node:crypto";
import { bootstrapText } from "./bootstrap.ts";

/** Trusted Types policies that may be made: ours, and those of Monaco's parts. */
const TRUSTED_TYPES = [
  "goheap-page",
  "goheap-kernel",
  "defaultWorkerFactory",
  "diffEditorWidget",
  "diffReview",
  "domLineBreaksComputer",
  "editorGhostText",
  "editorViewLayer",
  "richScreenReaderContent",
  "standaloneColorizer",
  "stickyScrollViewLayer",
  "tokenizeToString",
  "dompurify",
];

export function sha256(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

/** The bootstrap's source for script-src, quotes included. */
export const bootstrapSource = `'${sha256(bootstrapText)}'`;

export interface PolicyOptions {
  /** Hashes of the page's own inline scripts, "sha256-…". */
  readonly scriptHashes?: readonly string[];
}

function directives(all: Record<string, string>): string {
  return Object.entries(all)
    .map(([name, value]) => `${name} ${value}`.trim())
    .join("; ");
}

/** The policy of every page, fit for `<meta http-equiv="Content-Security-Policy">`. */
export function pagePolicy(options: PolicyOptions = {}): string {
  const inline = (options.scriptHashes ?? []).map((hash) => ` '${hash}'`).join("");
  return directives({
    "default-src": "'self'",
    "script-src": `'self' ${bootstrapSource}${inline} 'unsafe-eval'`,
    "worker-src": "'self' blob: data:",
    "frame-src": "'self'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data:",
    "font-src": "'self' data:",
    "connect-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "require-trusted-types-for": "'script'",
    "trusted-types": TRUSTED_TYPES.join(" "),
  });
}

/** The same, with what only a header can say: nobody may frame the site's pages. */
export function headerPolicy(options: PolicyOptions = {}): string {
  return `${pagePolicy(options)}; frame-ancestors 'self'`;
}

/**
 * The policy of the sandboxed frame and, through it, of the worker: no network of any kind. (WebRTC is stopped by no
 * policy; it does not exist in workers, and no reader code runs in the frame itself.)
 */
export function framePolicy(): string {
  return directives({
    "default-src": "'none'",
    "script-src": `${bootstrapSource} 'unsafe-eval' blob: data:`,
    "worker-src": "blob: data:",
    "base-uri": "'none'",
    "form-action": "'none'",
  });
}

/** The whole document of the frame. */
export function frameDocument(script: string = bootstrapText): string {
  const policy = framePolicy().replaceAll('"', "&quot;");
  return `<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}"><title>kernel</title><script>${script}</script>`;
}
