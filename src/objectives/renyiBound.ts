import * as tf from '@tensorflow/tfjs-core';
import {checkKeys} from '../util/options.js';
import {real} from '../constraints/numberSets.js';
import {checkNumber} from '../constraints/check.js';
import {expm1, log1p} from '../functions/elementary/index.js';
import {select} from '../math/numerics.js';
import {detach} from '../math/stopGradient.js';
import {attach} from '../graph/attach.js';
import {meanOfLogWeights, multiSampleBound} from '../graph/multiSampleBound.js';
import {weighLatents, type BoundOptions} from './logWeights.js';

/** The order of the bound, and the latents that it is of. */
export interface RenyiBoundOptions extends BoundOptions {
  /** α, any finite number: 0 gives the importance-weighted bound, 1 the mean of the ELBO over the samples. */
  alpha: number;
}

/**
 * The variational Rényi bound L_α = 1/(1 − α) · ln (1/K) Σ_k w_k^{1−α}, w_k = p(x|z_k) p(z_k) / q(z_k) (Li and Turner
 * 2016, sections 3 and 4): `[K, batch…]` to `[batch…]`, K samples along the leading axis. It falls as α rises; as K
 * grows it tends to ln p(x) − D_α(q ‖ p(z|x)), from below for α < 1. Maximise it: return its negative as a cost of its
 * own.
 *
 * Its gradient is as with `importanceWeightedBound`, whose estimators know it too; at α = 1 it is that of the ELBO.
 * @param logLikelihood ln p(x|z), `[K, batch…]`
 * @throws where α is not finite, no node has an axis of samples, K is 0, or a latent has no prior
 */
export function renyiBound(logLikelihood: tf.Tensor, options: RenyiBoundOptions): tf.Tensor {
  const who = 'renyiBound';
  checkKeys(who, options, ['variationalWithPrior', 'alpha']);
  checkAlpha(who, options.alpha);
  return tf.tidy(() =>
    temperedMean(weighLatents(who, logLikelihood, options.variationalWithPrior).logWeights, 1 - options.alpha),
  );
}

export function checkAlpha(who: string, alpha: unknown): void {
  checkNumber(who, 'alpha', alpha, real);
}

/** (1/β) ln (1/K) Σ_k e^{β l_k} over the leading axis, a multi-sample bound; its limit, the mean of l, for β = 0. */
export function temperedMean(l: tf.Tensor, beta: number): tf.Tensor {
  if (beta === 0) return meanOfLogWeights(l);
  const bound = tf.div(multiSampleBound(tf.mul(l, beta)), beta);
  return Math.abs(beta) > 0.01 ? bound : attach(nearMean(detach(l), detach(bound), beta), bound);
}

/** The same without cancellation where β is so small that all e^{β l} are nearly equal. */
function nearMean(l: tf.Tensor, bound: tf.Tensor, beta: number): tf.Tensor {
  const mean = tf.mean(l, 0);
  const scaled = tf.mul(tf.sub(l, mean), beta);
  const value = tf.add(mean, tf.div(log1p(tf.mean(expm1(scaled), 0)), beta));
  // false for NaN, where a log-weight is infinite
  return select(tf.less(tf.mean(tf.square(scaled), 0), 1), value, bound);
}
