/** Times of several ways to do the same work, taken in turn so that a machine's drift meets all of them alike. */
import * as tf from '@tensorflow/tfjs-core';

/** Does its work `repeats` times: mean milliseconds of one, or null where it cannot do that work. */
export type Contender = (repeats: number) => Promise<number | null>;

/** How often everything is measured, and how often it runs within one measurement. */
export interface Effort {
  readonly rounds: number;
  readonly repeats: number;
}

/**
 * Milliseconds that passed, or with BENCH_CLOCK=cpu those that the processor spent on this process, in all its threads:
 * on a busy machine the waiting does not count.
 */
export function now(): number {
  if (typeof process === 'undefined' || process.env['BENCH_CLOCK'] !== 'cpu') return performance.now();
  const {user, system} = process.cpuUsage();
  return (user + system) / 1000;
}

/** Waits until the device has done all that it was given: on GPUs functions return before that. */
export async function settled(): Promise<void> {
  const {backend} = tf.engine();
  if (!('pendingDisposal' in backend)) return; // of webgl and webgpu alone
  const last = tf.tidy(() => tf.sum(tf.ones([4096]))); // more than what small tensors are computed on the host for
  await last.data();
  last.dispose();
}

/** A contender of this program; the tensors that the function returns are disposed of. */
export function here(f: () => tf.TensorContainer | Promise<unknown>): Contender {
  return async repeats => {
    await settled();
    const start = now();
    for (let i = 0; i < repeats; i++) {
      const result = f();
      if (result instanceof Promise) await result;
      else tf.dispose(result);
    }
    await settled();
    return (now() - start) / repeats;
  };
}

/**
 * Median milliseconds of each contender, after a round to warm up. Those who cannot do the work are left out.
 * @param contenders by column; null is left out
 */
export async function interleaved(
  contenders: Record<string, Contender | null>,
  {rounds, repeats}: Effort,
): Promise<Record<string, number>> {
  const times = new Map<string, number[]>();
  for (let round = -1; round < rounds; round++) {
    for (const [name, run] of Object.entries(contenders)) {
      if (run === null || (round >= 0 && !times.has(name))) continue;
      const ms = await run(round < 0 ? Math.min(repeats, 3) : repeats);
      if (ms === null) continue;
      if (round < 0) times.set(name, []);
      else times.get(name)!.push(ms);
    }
  }
  return Object.fromEntries([...times].map(([name, list]) => [name, median(list)]));
}

export function median(list: readonly number[]): number {
  const sorted = [...list].sort((a, b) => a - b);
  return sorted[sorted.length >> 1]!;
}
