/**
 * The kernel in Node: the very text that the page sends to its worker, in a worker thread. The build bakes outputs
 * with it, and the tests speak to it by the same protocol as the page.
 */

import { Worker } from "node:worker_threads";
import {
  type CheckProgram,
  type DoneMessage,
  type InputValues,
  type Output,
  PROTOCOL_VERSION,
  readKernelMessage,
} from "../kernel/protocol.ts";

/** What a dedicated worker of a browser has and a thread of Node has not; and the other way round. */
const prelude = `{
  const { parentPort } = require("node:worker_threads");
  const { process } = globalThis;
  const quiet = (event) => ({ ...event, preventDefault() {} });
  globalThis.postMessage = (message) => parentPort.postMessage(message);
  globalThis.addEventListener = (type, listener) => {
    if (type === "message") parentPort.on("message", (data) => listener({ data }));
    if (type === "unhandledrejection") process.on("unhandledRejection", (reason) => listener(quiet({ reason })));
    if (type === "error") process.on("uncaughtException", (error) => listener(quiet({ error })));
  };
  for (const name of ["require", "process", "Buffer", "global", "module", "exports", "__filename", "__dirname"]) {
    delete globalThis[name];
  }
}
`;

export interface Program {
  readonly cell: string;
  readonly script: string;
  readonly declares: readonly string[];
  readonly inputs?: InputValues;
  readonly recorded?: Readonly<Record<string, string>>;
  readonly check?: CheckProgram;
}

export interface Result extends DoneMessage {
  readonly outputs: readonly Output[];
}

export class NodeKernel {
  private readonly worker: Worker;
  private readonly ready: Promise<void>;
  private last: Promise<unknown> = Promise.resolve();
  private runs = 0;

  constructor(text: string) {
    this.worker = new Worker(prelude + text, { eval: true, stdout: true, stderr: true });
    this.ready = new Promise((resolve, reject) => {
      this.worker.once("message", (message) => {
        if (readKernelMessage(message)?.type === "ready") resolve();
        else reject(new Error("the kernel's first message is not `ready`"));
      });
      this.worker.once("error", reject);
    });
    this.ready.catch(() => {});
  }

  /**
   * Runs one program after those already asked for.
   *
   * @param seconds  after which the worker is ended and an error thrown
   */
  run(program: Program, seconds = 20): Promise<Result> {
    const result = this.last.then(() => this.runNow(program, seconds));
    this.last = result.catch(() => {});
    return result;
  }

  private async runNow(program: Program, seconds: number): Promise<Result> {
    await this.ready;
    const nonce = `run-${++this.runs}`;
    const outputs: Output[] = [];
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        finish();
        void this.stop();
        reject(new Error(`${program.cell}: still running after ${seconds} s`));
      }, seconds * 1000);
      const onMessage = (raw: unknown) => {
        const message = readKernelMessage(raw);
        if (message === null) return fail(new Error(`${program.cell}: the kernel sent what is not in the protocol`));
        if (message.type === "output" && message.nonce === nonce) outputs.push(...message.outputs);
        if (message.type === "done" && message.nonce === nonce) {
          finish();
          resolve({ ...message, outputs });
        }
      };
      const fail = (error: Error) => {
        finish();
        reject(error);
      };
      const finish = () => {
        clearTimeout(timer);
        this.worker.off("message", onMessage);
        this.worker.off("error", fail);
      };
      this.worker.on("message", onMessage);
      this.worker.on("error", fail);
      this.worker.postMessage({ v: PROTOCOL_VERSION, type: "run", nonce, inputs: {}, recorded: {}, ...program });
    });
  }

  async stop(): Promise<void> {
    await this.worker.terminate();
  }
}
