import type * as tf from '@tensorflow/tfjs-core';

/** Two copies of tfjs-core may be loaded, so an optimizer is known by what it does. */
export function isOptimizer(x: unknown): x is tf.Optimizer {
  return (
    typeof x === 'object' &&
    x !== null &&
    (['minimize', 'computeGradients', 'applyGradients'] as const).every(
      method => typeof (x as Partial<tf.Optimizer>)[method] === 'function',
    )
  );
}
