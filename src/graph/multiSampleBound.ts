/** Multi-sample bounds: costs that are no means over samples. */
import * as tf from '@tensorflow/tfjs-core';
import {check} from '../util/errors.js';
import {isTensor} from '../util/tensors.js';
import {logSumExp} from '../functions/logarithms/index.js';
import {ensureKernels} from '../kernels/index.js';
import {atLeast} from '../math/numerics.js';
import {detach} from '../math/stopGradient.js';
import {persist} from './tape.js';

/**
 * What a bound was made of: L = ln (1/K) Σ_k w_k, or its limit as all weights approach each other, L = (1/K) Σ_k ln
 * w_k.
 */
interface BoundOrigin {
  readonly logWeights: tf.Tensor;
  readonly isMean: boolean;
}

const madeOf = new WeakMap<tf.Tensor, BoundOrigin>();

/**
 * L = ln (1/K) Σ_k exp(logWeights_k), the importance-weighted bound on a log-likelihood (Burda et al. 2016, eq. 8):
 * `[K, batch…]` to `[batch…]`, with logWeights_k = ln p(x, z_k) − ln q(z_k | x) for K samples z_k along the leading
 * axis. Maximise it: return its negative as a cost of its own. Estimators that know such bounds (`vimco`, `dreg`) find
 * it on the way from a node to a cost.
 *
 * Safe for log-weights of any size. A sample of weight 0 (−∞) counts as nothing; where all are, L is −∞ and its
 * derivative is taken as 0. NaN stays NaN.
 * @throws unless `logWeights` is a float32 tensor with at least one sample
 * @example
 * ```ts
 * const logWeights = tf.log(tf.tensor1d([1, 3]));
 * st.multiSampleBound(logWeights); // 0.6931
 * ```
 */
export function multiSampleBound(logWeights: tf.Tensor): tf.Tensor {
  const who = 'multiSampleBound';
  check(
    isTensor(logWeights) && logWeights.dtype === 'float32' && logWeights.rank > 0 && logWeights.shape[0] > 0,
    who,
    'logWeights must be a float32 tensor of shape [samples, batch…] with at least one sample',
    logWeights,
  );
  ensureKernels();
  return noted(logWeights, false);
}

/** (1/K) Σ_k logWeights_k over the leading axis, which the estimators that know bounds find as well. */
export function meanOfLogWeights(logWeights: tf.Tensor): tf.Tensor {
  return noted(logWeights, true);
}

function noted(given: tf.Tensor, isMean: boolean): tf.Tensor {
  let logWeights = given;
  const bound = tf.tidy(() => {
    logWeights = persist([given])[0]!;
    return boundOf({logWeights: given, isMean});
  });
  madeOf.set(bound, {logWeights, isMean});
  return bound;
}

/** L, from what it is made of. */
export function boundOf({logWeights, isMean}: BoundOrigin): tf.Tensor {
  return isMean ? tf.mean(logWeights, 0) : tf.sub(logSumExp(logWeights, 0), Math.log(logWeights.shape[0]));
}

/** What a bound was made of, for as long as its gradient scope is open; undefined for any other tensor. */
export function boundMadeOf(tensor: tf.Tensor): BoundOrigin | undefined {
  return madeOf.get(tensor);
}

/** exp(logWeights) over their sum along the leading axis, a constant; all 0 where every weight is. */
export function normalizedWeights(logWeights: tf.Tensor): tf.Tensor {
  const fixed = detach(logWeights);
  const total = atLeast(logSumExp(fixed, 0), -1e38);
  return detach(tf.exp(tf.sub(fixed, total)));
}
