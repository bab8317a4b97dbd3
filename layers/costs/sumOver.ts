/** Losses that are sums over what belongs to an example, as log-likelihoods and divergences are. */
import * as tf from '@tensorflow/tfjs-core';
import {extension} from 'tfjs-stochastic';
import {perSample} from '../perSample.js';
import {mendCompile} from './compiledMetrics.js';
import {noteOrigin, plainNameOf} from './lossFacts.js';
import {indicesFor, underName, readLoss, SPARSE, type Loss, type LossName} from './readLoss.js';

const EACH =
  'the loss must be a number for each example, [batch], or several, [batch, …], which are summed, and no mean over the ' +
  'batch: fit takes that';

/**
 * The loss summed over everything behind the batch: of shape `[batch]`, or `[sample…, batch]` behind an estimator of
 * several samples. tfjs's own losses are means over the last axis, and `fit` takes the mean over the others as well. A
 * divergence from a prior is a sum, so beside the mean over 784 pixels it counts 784 times too much, and the model is
 * driven to its prior; `sumOver('binaryCrossentropy')`, the negative log-likelihood of bits, is the loss that it
 * belongs to.
 *
 * @param loss a name, or a function whose values are summed as they are: it must take no mean itself, and a scalar is refused
 * @example
 * ```ts
 * const loss = stl.sumOver('meanSquaredError');
 * loss(tf.zeros([2, 3]), tf.ones([2, 3])); // [3, 3]
 * ```
 */
export function sumOver(loss: LossName | Loss): Loss {
  return summedFor('stl.sumOver', loss);
}

/** As `sumOver`, in the name of `who`. */
export function summedFor(who: string, loss: LossName | Loss): Loss {
  const {isMean} = readLoss(who, loss);
  const fn = perSample(loss);
  const isOfIndices = (typeof loss === 'string' ? loss : plainNameOf(loss)) === SPARSE;
  const name = typeof loss === 'string' ? loss : loss.name || 'loss';
  const summed = underName(`sumOver${name[0]!.toUpperCase()}${name.slice(1)}`, (yTrue, yPred) =>
    tf.tidy(() => {
      const each = fn(yTrue, yPred);
      extension.check(each.rank > 0 || yPred.rank === 0, who, EACH, each);
      const targets = isOfIndices ? indicesFor(who, yTrue, yPred) : yTrue;
      const kept = 1 + Math.max(0, yPred.rank - targets.rank); // the batch and sample axes before it
      const axes = Array.from({length: Math.max(0, each.rank - kept)}, (_, i) => kept + i);
      const total = axes.length === 0 ? each : tf.sum(each, axes);
      return isMean ? tf.mul(total, yPred.shape[yPred.rank - 1]!) : total;
    }),
  );
  mendCompile();
  return noteOrigin(summed, loss);
}
