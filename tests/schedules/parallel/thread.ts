/** A thread of the parallel run: a worker of Node. */
import { workerData } from "node:worker_threads";
import { runThread } from "../../../engine/sched/parallel.ts";
import { type Work, Worker } from "./workload.ts";

const { work, i } = workerData as { work: Work; i: number };
runThread(work.run, i, (m, thread) => new Worker(m, thread, work).run());
