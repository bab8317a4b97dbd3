/** The loss of a model whose output is a distribution. */
import * as tf from '@tensorflow/tfjs-core';
import {extension} from 'tfjs-stochastic';
import {distributionBehind} from './tags.js';

/**
 * −ln p(y) of each example, in nats: the loss of a model whose last layer has `output: 'distribution'`, for `compile`
 * and as a metric. p is the distribution that `yPred` stands for.
 *
 * @param yTrue `[batch, …]`, of the shape of the layer's values, of any real dtype; where their last axis is 1, it may
 *   be left out
 * @param yPred what the layer gave out, with nothing behind it
 * @returns `[batch]`: summed over everything behind the batch; Infinity where p(y) is 0
 * @throws for a tensor that no such layer gave out, or one whose distribution ended with a tidy, and for targets of
 *   another shape
 * @example
 * ```ts
 * const model = tf.sequential({
 *   layers: [tf.layers.dense({units: 2, inputShape: [3]}), stl.normal({output: 'distribution'})],
 * });
 * model.compile({optimizer: 'adam', loss: stl.negativeLogLikelihood});
 * const [x, y] = [tf.zeros([4, 3]), tf.zeros([4, 1])];
 * await model.fit(x, y, {verbose: 0, epochs: 1});
 * ```
 */
export function negativeLogLikelihood(yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor {
  const who = 'stl.negativeLogLikelihood';
  for (const [name, t] of [
    ['targets', yTrue],
    ['prediction', yPred],
  ] as const) {
    const isReal = t instanceof tf.Tensor && !t.isDisposed && t.dtype !== 'string' && t.dtype !== 'complex64';
    extension.check(isReal, who, `the ${name} must be a tensor of real numbers that is alive`, t);
  }
  const {layer, distribution} = distributionBehind(who, yPred);
  const [batch, event] = [distribution.batchShape, distribution.eventShape];
  const full = [...batch, ...event];
  const fits = (shape: readonly number[]): boolean =>
    shape.length > event.length && // or it lacks the batch
    shape.length <= full.length &&
    shape.every((d, i) => d === full[full.length - shape.length + i]);
  const isShort = !fits(yTrue.shape) && full[full.length - 1] === 1 && fits([...yTrue.shape, 1]);
  extension.check(
    isShort || fits(yTrue.shape),
    who,
    `the targets must have the shape [${full.join(',')}] of what ${layer} gives out`,
    yTrue,
  );
  return tf.tidy(() => tf.neg(distribution.logProb(isShort ? tf.expandDims(yTrue, -1) : yTrue)));
}
