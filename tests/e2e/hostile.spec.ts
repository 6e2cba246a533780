/**
 * A hostile cell: every way out of a page that Chromium has, tried three times against a logging server on loopback.
 *
 *   control   on a page without any protection: each must arrive, or the trial proves nothing
 *   frame     in the sandboxed frame, as its document's script and as its worker, nothing deleted: policy alone
 *   cell      typed into a cell of the built book and run
 *
 * In the last two nothing may arrive. WebRTC is the one that no policy stops in a document (so no reader's code ever
 * runs in one); it must be absent where cells run.
 */

import { createSocket } from "node:dgram";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, type Page, test } from "@playwright/test";
import { bootstrapSource, frameDocument, pagePolicy, sha256 } from "../../src/kernel/policy.ts";

interface Log {
  readonly url: string;
  readonly udpPort: number;
  readonly arrived: Set<string>;
  close(): Promise<void>;
}

/** Answers everything, whoever asks, and notes the first part of each path; and each datagram as "rtc". */
async function listen(): Promise<Log> {
  const arrived = new Set<string>();
  const note = (path = "") => arrived.add(path.split(/[/?]/)[1] ?? "");
  const server = createServer((request, response) => {
    note(request.url);
    const type = request.url?.includes(".js")
      ? "text/javascript"
      : request.url?.includes("event")
        ? "text/event-stream"
        : "text/plain";
    response.writeHead(200, { "content-type": type, "access-control-allow-origin": "*", "cache-control": "no-store" });
    response.end(" ");
  });
  server.on("upgrade", (request, socket) => {
    note(request.url);
    socket.destroy();
  });
  const udp = createSocket("udp4");
  udp.on("message", () => arrived.add("rtc"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  await new Promise<void>((resolve) => udp.bind(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    udpPort: udp.address().port,
    arrived,
    close: async () => {
      server.closeAllConnections();
      udp.close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Serves the pages of the trial: one without protection, one with the book's policy. */
async function serve(
  pages: Record<string, { body: string; policy?: string; type?: string }>,
): Promise<{ url: string; server: Server }> {
  const server = createServer((request, response) => {
    const page = pages[request.url ?? ""];
    response.writeHead(page === undefined ? 404 : 200, {
      "content-type": page?.type ?? "text/html",
      ...(page?.policy === undefined ? {} : { "content-security-policy": page.policy }),
    });
    response.end(page?.body ?? "");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

/** Ways that a worker has, by name; E is the server's address. */
const WORKER: Record<string, string> = {
  fetch: "fetch(E + '/fetch')",
  keepalive: "fetch(E + '/keepalive', { method: 'POST', keepalive: true, body: 'x' })",
  xhr: "const x = new XMLHttpRequest(); x.open('GET', E + '/xhr'); x.send()",
  websocket: "new WebSocket(E.replace('http', 'ws') + '/websocket')",
  eventsource: "new EventSource(E + '/eventsource')",
  import: "import(E + '/import/x.js').catch(() => {})",
  importscripts: "importScripts(E + '/importscripts/x.js')",
  nested:
    "new Worker(URL.createObjectURL(new Blob(['fetch(' + JSON.stringify(E + '/nested') + ')'], { type: 'text/javascript' })))",
  nestedimport:
    "new Worker(URL.createObjectURL(new Blob(['importScripts(' + JSON.stringify(E + '/nestedimport/x.js') + ')'], { type: 'text/javascript' })))",
  dataimport:
    "import('data:text/javascript,' + encodeURIComponent('fetch(' + JSON.stringify(E + '/dataimport') + ')')).catch(() => {})",
  font: "const f = new FontFace('f', 'url(' + E + '/font/f.woff2)'); f.load().catch(() => {})",
  cache: "caches.open('c').then((c) => c.add(E + '/cache')).catch(() => {})",
};

/** Ways that need a document. */
const DOCUMENT: Record<string, string> = {
  dfetch: "fetch(E + '/dfetch')",
  beacon: "navigator.sendBeacon(E + '/beacon', 'x')",
  img: "new Image().src = E + '/img'",
  css: "add('link', { rel: 'stylesheet', href: E + '/css' })",
  cssurl:
    "const s = document.createElement('style'); s.textContent = 'html { background: url(' + E + '/cssurl) }'; document.head.append(s)",
  script: "add('script', { src: E + '/script/x.js' })",
  dimport: "import(E + '/dimport/x.js').catch(() => {})",
  iframe: "add('iframe', { src: E + '/iframe' })",
  object: "add('object', { data: E + '/object' })",
  embed: "add('embed', { src: E + '/embed' })",
  preload: "add('link', { rel: 'preload', as: 'image', href: E + '/preload' })",
  prefetch: "add('link', { rel: 'prefetch', href: E + '/prefetch' })",
  modulepreload: "add('link', { rel: 'modulepreload', href: E + '/modulepreload/x.js' })",
  video: "add('video', { src: E + '/video', preload: 'auto' })",
  audio: "add('audio', { src: E + '/audio', preload: 'auto' })",
  dfont: "const f = new FontFace('f', 'url(' + E + '/dfont/f.woff2)'); f.load().catch(() => {})",
  ping: "const a = add('a', { href: '#x', ping: E + '/ping' }); a.click()",
  form: "const t = add('iframe', { name: 'formtarget' }); const f = add('form', { action: E + '/form', target: 'formtarget' }); f.submit()",
  popup: "window.open(E + '/popup')",
  svgimage:
    "document.body.insertAdjacentElement('beforeend', Object.assign(document.createElement('input'), { type: 'image', src: E + '/svgimage' }))",
};

/** Leaves the document, so it goes alone. */
const NAVIGATE: Record<string, string> = {
  navigate: "location.href = E + '/navigate'",
};

const HELPERS = `const add = (tag, attributes) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  document.body.append(element);
  return element;
};`;

const each = (vectors: Record<string, string>) =>
  Object.values(vectors)
    .map((code) => `try { ${code.includes(";") ? `(() => { ${code} })()` : code} } catch {}`)
    .join("\n");

const programFor = (vectors: Record<string, string>, log: Log) =>
  `const E = ${JSON.stringify(log.url)};\n${vectors === WORKER ? "" : HELPERS}\n${each(vectors)}`;

const rtc = (
  log: Log,
) => `const peer = new RTCPeerConnection({ iceServers: [{ urls: "stun:127.0.0.1:${log.udpPort}" }] });
peer.createDataChannel("x");
peer.createOffer().then((offer) => peer.setLocalDescription(offer));`;

const PATIENCE = 2_500;
const all = [...Object.keys(WORKER), ...Object.keys(DOCUMENT), ...Object.keys(NAVIGATE), "rtc"].sort();

/** Runs a script in a page without protection, as a document's and as a worker's. */
async function unprotected(page: Page, log: Log): Promise<void> {
  const { url, server } = await serve({ "/": { body: "<!doctype html><body></body>" } });
  const run = (code: string) =>
    page.evaluate((text) => {
      const script = document.createElement("script");
      script.textContent = text;
      document.body.append(script);
    }, `(() => { ${code} })()`);
  await page.goto(`${url}/`);
  await page.evaluate(
    (text) => {
      new Worker(URL.createObjectURL(new Blob([text], { type: "text/javascript" })));
    },
    programFor(WORKER, log),
  );
  await run(programFor(DOCUMENT, log));
  await run(rtc(log));
  await page.waitForTimeout(PATIENCE);
  await run(programFor(NAVIGATE, log)).catch(() => {});
  await page.waitForTimeout(500);
  server.closeAllConnections();
  server.close();
}

test("each way out arrives where nothing protects: the control", async ({ page }) => {
  const log = await listen();
  await unprotected(page, log);
  await log.close();
  expect([...log.arrived].filter((name) => all.includes(name)).sort()).toEqual(all);
});

test("from the frame, as its document and as its worker, nothing arrives: the policy alone holds", async ({ page }) => {
  const log = await listen();
  const hostile = `${programFor(DOCUMENT, log)}\nparent.postMessage("tried", "*");\nsetTimeout(() => { ${programFor(NAVIGATE, log)} }, 1200);`;
  // The document's script is the bootstrap in every page of the book; here a hostile one stands under its own hash.
  const source = `'${sha256(hostile)}'`;
  const hostileFrame = frameDocument(hostile).replaceAll(bootstrapSource, source);
  const worker = `${programFor(WORKER, log)}\nself.postMessage({ v: 1, type: "ready", shared: typeof RTCPeerConnection !== "undefined" });`;
  const driver = `
    const policy = trustedTypes.createPolicy("goheap-page", { createHTML: (text) => text });
    const frame = (html) => {
      const it = document.createElement("iframe");
      it.setAttribute("sandbox", "allow-scripts");
      it.srcdoc = policy.createHTML(html);
      document.body.append(it);
      return it;
    };
    frame(${JSON.stringify(hostileFrame)});
    addEventListener("message", (event) => { window.tried = event.data; });
    const channel = new MessageChannel();
    channel.port1.onmessage = (event) => { window.heard = event.data; };
    const inner = frame(${JSON.stringify(frameDocument())});
    inner.addEventListener("load", () => {
      inner.contentWindow.postMessage({ type: "goheap-boot", text: ${JSON.stringify(worker)} }, "*", [channel.port2]);
    });`;
  const { url, server } = await serve({
    "/": {
      body: '<!doctype html><body><script src="/driver.js"></script></body>',
      policy: pagePolicy({ scriptHashes: [sha256(hostile)] }),
    },
    "/driver.js": { body: driver, type: "text/javascript" },
  });
  const refused: string[] = [];
  page.on("console", (message) => {
    if (/Content Security Policy/.test(message.text())) refused.push(message.text());
  });
  await page.goto(`${url}/`);
  await page.waitForFunction(() => (window as { heard?: unknown }).heard !== undefined);
  await page.waitForTimeout(PATIENCE + 1_000);
  // Both scripts ran to their ends; the worker has no WebRTC; the page refused to let its frame navigate away.
  expect(await page.evaluate(() => (window as unknown as { heard: { shared: boolean } }).heard.shared)).toBe(false);
  expect(await page.evaluate(() => (window as { tried?: unknown }).tried)).toBe("tried");
  expect(refused.some((text) => text.includes("frame-src"))).toBe(true);
  server.closeAllConnections();
  server.close();
  await log.close();
  expect([...log.arrived]).toEqual([]);
});

test("from a cell of the book nothing arrives, and the book goes on", async ({ page }) => {
  const log = await listen();
  await page.addInitScript(() => localStorage.setItem("editor", "plain"));
  await page.goto("/en/small-allocation/");
  const cell = page.locator("#cell-paths");
  const field = cell.locator(".editing textarea");
  await cell.locator('button[data-action="edit"]').click();
  const attempts = { ...WORKER, ...DOCUMENT, ...NAVIGATE, rtc: rtc(log).replaceAll("\n", " ") };
  await field.fill(
    `const E: string = ${JSON.stringify(log.url)};\nlet tried = 0;\n${HELPERS.replaceAll("\n", " ")}\n${each(attempts)
      .split("\n")
      .map((line) => `tried++; ${line}`)
      .join("\n")}\nawait new Promise((done) => setTimeout(done, 1500));\ntried`,
  );
  await cell.locator('button[data-action="run"]').click();
  await expect(cell.locator("output")).toContainText(String(Object.keys(attempts).length), { timeout: 15_000 });
  await page.waitForTimeout(PATIENCE);
  await log.close();
  expect([...log.arrived]).toEqual([]);
  await field.fill("1 + 1");
  await cell.locator('button[data-action="run"]').click();
  await expect(cell.locator("output")).toHaveText("2");
});

test("a cell cannot speak for another run, nor reach the page, nor change what the page draws", async ({ page }) => {
  await page.addInitScript(() => localStorage.setItem("editor", "plain"));
  await page.goto("/en/small-allocation/");
  const cell = page.locator("#cell-paths");
  await cell.locator('button[data-action="edit"]').click();
  await cell.locator(".editing textarea").fill(`print("<img src=x onerror=alert(1)>");
print([typeof postMessage, typeof addEventListener, typeof parent, typeof document, typeof localStorage].join());
try { (0, eval)("1"); print("eval open"); } catch { print("eval shut"); }`);
  await cell.locator('button[data-action="run"]').click();
  const output = cell.locator("output");
  await expect(output).toContainText("<img src=x onerror=alert(1)>");
  await expect(output).toContainText("undefined,undefined,undefined,undefined,undefined");
  await expect(output).toContainText("eval shut");
  await expect(output.locator("img")).toHaveCount(0);
});
