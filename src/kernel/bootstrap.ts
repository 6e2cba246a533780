/**
 * The only script of the sandboxed frame: it starts the worker, relays messages, and nothing else. No reader code
 * ever runs in this document (a document can navigate, open WebRTC, and block the page's thread in some browsers).
 *
 * The worker is started from a blob: address and, where that fails before its first message (WebKit), from a data:
 * address. The text is a constant, since the page's policy names it by its hash: no value is put into it.
 */
export const bootstrapText = `"use strict";
addEventListener("message", function boot(first) {
  if (first.source !== parent || !first.data || first.data.type !== "goheap-boot" || !first.ports[0]) return;
  removeEventListener("message", boot);
  const port = first.ports[0];
  const text = String(first.data.text);
  const policy = self.trustedTypes ? trustedTypes.createPolicy("goheap-kernel", { createScriptURL: (url) => url }) : null;
  let worker = null, heard = false, inSecond = 0;
  const dead = (message) => {
    if (worker) worker.terminate();
    worker = null;
    port.postMessage({ v: 1, type: "dead", message: String(message) });
  };
  const start = (url, otherwise) => {
    try {
      worker = new Worker(policy ? policy.createScriptURL(url) : url);
    } catch (error) {
      return otherwise(error.message);
    }
    worker.onmessage = (event) => {
      heard = true;
      if (++inSecond > 400) return dead("flood");
      port.postMessage(event.data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      if (heard) return;
      worker.terminate();
      worker = null;
      otherwise(event.message || "the worker did not start");
    };
  };
  setInterval(() => { inSecond = 0; }, 1000);
  port.onmessage = (event) => {
    if (event.data === "ping") port.postMessage("pong");
    else if (worker) worker.postMessage(event.data);
  };
  const blob = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  const data = "data:text/javascript;charset=utf-8," + encodeURIComponent(text);
  start(blob, () => start(data, dead));
});
`;
