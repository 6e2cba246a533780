/**
 * A kernel, as the page holds it: a sandboxed frame with a worker in it, and the one channel to them.
 *
 * The frame is opaque (`sandbox="allow-scripts"`): it has no origin, no storage, and by its policy no network. It gets
 * the worker's text through the channel. Nothing that arrives is believed: see protocol.ts. To stop a program the
 * whole frame is removed, since a worker may be deaf, and nothing that it still says is heard.
 */

import { type KernelMessage, type PageMessage, readKernelMessage } from "./protocol.ts";
import { trustedDocument } from "./trusted.ts";

/** Milliseconds between two questions to the frame, and until its silence means that it is gone. */
const PING_EVERY = 2_000;
const PING_PATIENCE = 8_000;

export class Sandbox {
  private readonly frame: HTMLIFrameElement;
  private readonly port: MessagePort;
  private readonly timer: number;
  private listener: ((message: KernelMessage) => void) | null;
  private heardAt = performance.now();

  /**
   * @param document  of the frame (virtual:kernel-frame)
   * @param text      the worker's program
   * @param listener  gets each valid message
   */
  constructor(document: string, text: string, listener: (message: KernelMessage) => void) {
    this.listener = listener;
    const channel = new MessageChannel();
    this.port = channel.port1;
    this.port.onmessage = (event) => this.hear(event.data);
    this.frame = window.document.createElement("iframe");
    this.frame.setAttribute("sandbox", "allow-scripts");
    this.frame.setAttribute("allow", "cross-origin-isolated");
    this.frame.setAttribute("aria-hidden", "true");
    this.frame.title = "kernel";
    this.frame.tabIndex = -1;
    this.frame.hidden = true;
    this.frame.srcdoc = trustedDocument(document);
    let isBooted = false;
    this.frame.addEventListener("load", () => {
      // A second load means that the frame went somewhere else: it is not ours any more.
      if (isBooted) this.lost("the frame was replaced");
      else this.frame.contentWindow?.postMessage({ type: "goheap-boot", text }, "*", [channel.port2]);
      isBooted = true;
    });
    window.document.body.append(this.frame);
    this.timer = window.setInterval(() => this.ping(), PING_EVERY);
  }

  send(message: PageMessage): void {
    this.port.postMessage(message);
  }

  /** Ends everything that runs in it, at once; no message of it is heard from here on. */
  kill(): void {
    this.listener = null;
    window.clearInterval(this.timer);
    this.port.onmessage = null;
    this.port.close();
    this.frame.remove();
  }

  private hear(data: unknown): void {
    this.heardAt = performance.now();
    if (data === "pong" || this.listener === null) return;
    const message = readKernelMessage(data);
    if (message !== null) this.listener(message);
  }

  /** A page that was asleep has heard nothing for long: the first question after it counts anew. */
  private pingedAt = performance.now();

  private ping(): void {
    const now = performance.now();
    if (now - this.pingedAt > 2 * PING_EVERY) this.heardAt = now;
    this.pingedAt = now;
    if (now - this.heardAt > PING_PATIENCE) this.lost("silent");
    else this.port.postMessage("ping");
  }

  private lost(message: string): void {
    const { listener } = this;
    this.kill();
    listener?.({ v: 1, type: "dead", message });
  }
}
