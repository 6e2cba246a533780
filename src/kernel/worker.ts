/**
 * The kernel: the engine, a session, and a stranger's program, in a worker of the sandboxed frame. The only file of
 * the site that imports the engine at run time.
 *
 * The browser's sandbox is what protects the reader; what is deleted here only keeps a program from tripping over our
 * protocol, and gives a plain ReferenceError for what could not work anyway.
 */

import * as engine from "goheap";
import { show } from "../viz/show.ts";
import { describer } from "./describe.ts";
import { type KernelMessage, PROTOCOL_VERSION, readPageMessage } from "./protocol.ts";
import { Session } from "./session.ts";

interface Realm {
  postMessage(message: KernelMessage): void;
  addEventListener(type: string, listener: (event: never) => void): void;
  trustedTypes?: {
    createPolicy(name: string, rules: { createScript(text: string): string }): { createScript(text: string): string };
  };
}

const realm = globalThis as unknown as Realm & Record<string, unknown>;
const post = realm.postMessage.bind(realm);
const listen = realm.addEventListener.bind(realm);
const clock = performance.now.bind(performance);
const later = setTimeout;
const repeatedly = setInterval;
// Indirect: the program's text runs in the global scope, not in this function's.
// biome-ignore lint/security/noGlobalEval: running the reader's text is what this file is for
const evaluate = eval;
const policy = realm.trustedTypes?.createPolicy("goheap-kernel", { createScript: (text) => text });

/** Ways out of the worker, and ways to end it from inside or to read what the page says to the kernel. */
const REMOVED = [
  "postMessage",
  "addEventListener",
  "removeEventListener",
  "dispatchEvent",
  "onmessage",
  "onmessageerror",
  "onerror",
  "onunhandledrejection",
  "close",
  "importScripts",
  "fetch",
  "fetchLater",
  "XMLHttpRequest",
  "WebSocket",
  "WebSocketStream",
  "WebTransport",
  "EventSource",
  "RTCPeerConnection",
  "RTCDataChannel",
  "Worker",
  "SharedWorker",
  "BroadcastChannel",
  "Notification",
  "indexedDB",
  "caches",
  "cookieStore",
  "requestFileSystem",
  "requestFileSystemSync",
  "webkitRequestFileSystem",
  "webkitRequestFileSystemSync",
];

for (const name of REMOVED) {
  for (let at: object | null = globalThis; at !== null; at = Object.getPrototypeOf(at)) {
    if (Object.hasOwn(at, name)) Reflect.deleteProperty(at, name);
  }
}
// V8 keeps ten frames; the reader's own line may lie below more of the engine's.
(Error as { stackTraceLimit?: number }).stackTraceLimit = 60;

let nonce = "";
const session = new Session({
  scope: globalThis,
  engine: engine as unknown as Record<string, unknown>,
  pictures: show as unknown as Record<string, (...args: never[]) => unknown>,
  describe: describer(engine),
  evaluate: (text) => evaluate((policy === undefined ? text : policy.createScript(text)) as string),
  now: clock,
  setTimeout: (call, milliseconds) => later(call, milliseconds),
  setInterval: (call, milliseconds) => repeatedly(call, milliseconds),
  send: (outputs) => {
    if (outputs.length > 0) post({ v: PROTOCOL_VERSION, type: "output", nonce, outputs });
  },
  settle: () => new Promise((resolve) => later(resolve, 0)),
});

/** Runs wait for one another: one scope, one program at a time. */
let turn: Promise<void> = Promise.resolve();

listen("message", (event: { data: unknown }) => {
  const message = readPageMessage(event.data);
  if (message === null) return;
  turn = turn.then(async () => {
    nonce = message.nonce;
    post(await session.run(message));
  });
});

const report = (event: { preventDefault(): void; reason?: unknown; error?: unknown }) => {
  event.preventDefault();
  session.report(event.reason ?? event.error);
};
listen("unhandledrejection", report);
listen("error", report);

post({ v: PROTOCOL_VERSION, type: "ready", shared: typeof SharedArrayBuffer !== "undefined" });
