/** Multi-sample bounds: costs that are no means over samples. */
import * as tf from '@tensorflow/tfjs-core';
import {check} from '../util/errors.js';
import {isTensor} from '../util/tensors.js';
import {logSumExp} from '../math/logSumExp.js';
import {atLeast} from '../math/numerics.js';
import {detach} from '../math/stopGradient.js';
import {persist} from './tape.js';

/** The log-weights that each bound was made of. */
const logWeightsOf = new WeakMap<tf.Tensor, tf.Tensor>();

/**
 * L = ln (1/K) Σ_k exp(logWeights_k), the importance-weighted bound on a log-likelihood (Burda et al. 2016, eq. 8): `[K, batch…]` to `[batch…]`, with
 * logWeights_k = ln p(x, z_k) − ln q(z_k | x) for K samples z_k along the leading axis. Maximise it: return its negative as a cost of its own. Estimators
 * that know such bounds (`vimco`, `dreg`) find it on the way from a node to a cost.
 *
 * Safe for log-weights of any size. A sample of weight 0 (−∞) counts as nothing; where all are, L is −∞ and its derivative is taken as 0. NaN stays NaN.
 * @throws unless `logWeights` is a float32 tensor with at least one sample
 */
export function multiSampleBound(logWeights: tf.Tensor): tf.Tensor {
  const who = 'multiSampleBound';
  check(isTensor(logWeights) && logWeights.dtype === 'float32' && logWeights.rank > 0 && logWeights.shape[0] > 0, who,
      'logWeights must be a float32 tensor of shape [samples, batch…] with at least one sample', logWeights);
  let kept = logWeights;
  const bound = tf.tidy(() => {
    kept = persist([logWeights])[0]!;
    return tf.sub(logSumExp(logWeights, 0), Math.log(logWeights.shape[0]));
  });
  logWeightsOf.set(bound, kept);
  return bound;
}

/** The log-weights of a bound, for as long as its gradient scope is open; undefined for any other tensor. */
export function boundLogWeights(tensor: tf.Tensor): tf.Tensor | undefined {
  return logWeightsOf.get(tensor);
}

/** exp(logWeights) over their sum along the leading axis, a constant; all 0 where every weight is. */
export function normalizedWeights(logWeights: tf.Tensor): tf.Tensor {
  const fixed = detach(logWeights);
  const total = atLeast(logSumExp(fixed, 0), -1e38);
  return detach(tf.exp(tf.sub(fixed, total)));
}
