/** Losses for models whose random layers draw several samples. */
import * as tf from '@tensorflow/tfjs-core';
import {metrics} from '@tensorflow/tfjs-layers';
import {errors} from 'tfjs-stochastic';

/** A loss as `model.compile` takes it: from targets and predictions to one value for each example. */
export type Loss = (yTrue: tf.Tensor, yPred: tf.Tensor) => tf.Tensor;

const named: Readonly<Record<string, Loss>> = {
  binaryCrossentropy: metrics.binaryCrossentropy,
  categoricalCrossentropy: metrics.categoricalCrossentropy,
  meanSquaredError: metrics.meanSquaredError,
  meanAbsoluteError: metrics.meanAbsoluteError,
};

/** The names that `perSample` knows. */
export type LossName = 'binaryCrossentropy' | 'categoricalCrossentropy' | 'meanSquaredError' | 'meanAbsoluteError';

/**
 * A loss for predictions of shape `[sample…, batch, …]`, which an estimator of several samples makes in training: the targets `[batch, …]` are
 * repeated for each sample, which some of tfjs's losses would refuse to do. The result has shape `[sample…, batch]` for losses that take the mean over the
 * last axis. For predictions without sample axes it is the loss itself.
 *
 * @param loss a name or a function of targets and predictions
 */
export function perSample(loss: LossName | Loss): Loss {
  if (typeof loss === 'string' && !Object.hasOwn(named, loss)) errors.failUnknown('stl.perSample', 'loss', loss, Object.keys(named));
  const fn = typeof loss === 'string' ? named[loss]! : loss;
  errors.check(typeof fn === 'function', 'stl.perSample', 'loss must be a name or a function of targets and predictions', loss);
  return (yTrue, yPred) => fn(yTrue.rank < yPred.rank ? tf.broadcastTo(yTrue, yPred.shape) : yTrue, yPred);
}
