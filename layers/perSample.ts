/** Losses for models whose random layers draw several samples. */
import * as tf from '@tensorflow/tfjs-core';
import {extension} from 'tfjs-stochastic';
import {mendCompile} from './costs/compiledMetrics.js';
import {judgesTargets, noteOrigin} from './costs/lossFacts.js';
import {readLoss, SPARSE, type Loss, type LossName} from './costs/readLoss.js';

/**
 * A loss for predictions of shape `[sample…, batch, …]`, which an estimator of several samples makes in training: the
 * targets `[batch, …]` are repeated for each sample, which some of tfjs's losses would refuse to do. The result has
 * shape `[sample…, batch]` for losses that take the mean over the last axis. For predictions without sample axes it is
 * the loss itself.
 *
 * @param loss a name or a function of targets and predictions
 * @example
 * ```ts
 * const loss = stl.perSample('meanSquaredError');
 * loss(tf.zeros([2, 3]), tf.ones([5, 2, 3])).shape; // [5, 2]
 * ```
 */
export function perSample(loss: LossName | Loss): Loss {
  const who = 'stl.perSample';
  const fn = readLoss(who, loss).loss;
  mendCompile();
  return noteOrigin((yTrue, yPred) => {
    for (const [name, y] of [
      ['targets', yTrue],
      ['predictions', yPred],
    ] as const) {
      const isReal = y instanceof tf.Tensor && !y.isDisposed && y.dtype !== 'string' && y.dtype !== 'complex64';
      extension.check(isReal, who, `the ${name} must be a tensor of real numbers that is alive`, y);
    }
    if (loss === SPARSE || judgesTargets(loss)) return fn(yTrue, yPred); // which know the sample axes
    const isShorter = yTrue.rank < yPred.rank;
    if (isShorter || typeof loss === 'string') {
      // a function of one's own may take other shapes
      const own = yPred.shape.slice(Math.max(0, yPred.rank - yTrue.rank));
      extension.check(
        yTrue.rank <= yPred.rank && yTrue.shape.every((d, i) => d === own[i] || d === 1),
        who,
        `the targets must have the shape of the predictions [${yPred.shape.join(',')}] without their sample axes`,
        yTrue,
      );
    }
    return tf.tidy(() => fn(isShorter ? tf.broadcastTo(yTrue, yPred.shape) : yTrue, yPred));
  }, loss);
}
