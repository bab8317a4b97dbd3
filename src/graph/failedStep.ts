/**
 * What a function had kept when the step that it belongs to failed. A step of tfjs-layers keeps its metrics in the first pass;
 * where a later one fails, nobody else knows of them.
 */
import type * as tf from '@tensorflow/tfjs-core';

let kept: readonly tf.Tensor[] = [];

/** Notes what the first pass of a step that failed had kept. */
export function noteFailedStep(tensors: readonly tf.Tensor[]): void {
  kept = tensors;
}

/** The scalars that the function of the step which failed last had kept in its first pass, and that are alive; once. */
export function keptByFailedStep(): tf.Tensor[] {
  const alive = kept.filter(t => !t.isDisposed);
  kept = [];
  return alive;
}
