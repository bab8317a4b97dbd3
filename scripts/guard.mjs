/**
 * Loaded by `scripts/start.mjs` into the process that it starts. A thread watches whether the parent is still there,
 * also while a long computation keeps the event loop from turning; if it went without a word (SIGKILL), the process is
 * told by SIGHUP to come to an end, and ended if it does not.
 */
import process from 'node:process';
import {isMainThread, parentPort, Worker, workerData} from 'node:worker_threads';

const pollMs = 300;
/** Time to print and write what there is. */
const graceMs = 15_000;

if (isMainThread) {
  const parent = Number(process.env.STOCHASTIC_PARENT);
  delete process.env.STOCHASTIC_PARENT;
  if (Number.isInteger(parent)) new Worker(new URL(import.meta.url), {workerData: {parent}, execArgv: []}).unref();
  // A job that does not care about its output being gone has nobody left to work for.
  process.stdout.on('error', () => {
    if (process.stdout.listenerCount('error') === 1) process.exit(1);
  });
} else if (parentPort !== null) {
  const watch = setInterval(() => {
    if (process.ppid === workerData.parent) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGHUP');
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), graceMs);
  }, pollMs);
}
