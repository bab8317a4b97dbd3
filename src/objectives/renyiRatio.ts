import * as tf from '@tensorflow/tfjs-core';
import {checkKeys, checkFunction} from '../util/options.js';
import {nonNegative, positive, real} from '../constraints/numberSets.js';
import {checkNumber} from '../constraints/check.js';
import {log1p} from '../functions/elementary/index.js';
import {logSumExp} from '../functions/logarithms/index.js';
import {atMost, select} from '../math/numerics.js';
import {detach} from '../math/stopGradient.js';
import type {Distribution} from '../distributions/distribution.js';
import {magicBox} from '../distributions/expectationUnder.js';
import {attach} from '../graph/attach.js';
import {normalizedWeights} from '../graph/multiSampleBound.js';
import {atDraws, checkDraws, drawsWithLogProb, type DrawOptions} from './draws.js';
import {elboRatio} from './entropy.js';
import {checkAlpha, temperedMean} from './renyiBound.js';

/**
 * 1/(1 − α) · ln (1/S) Σ_s (p(z_s)/q(z_s))^{1−α} over draws z_s from q, `[batch…]`: with ln p(z) of a distribution it
 * tends to −D_α(q ‖ p), Rényi's divergence, as S grows, with ln p(x, z) of a joint one to ln p(x) − D_α(q ‖ p(z|x)) (Li
 * and Turner 2016, section 3). For α < 1 it is too small by a bias of order 1/S, for α > 1 too large. At α = 1 it is
 * `elboRatio` by samples. Its gradient is that of its own mean: along the draws where q is reparameterised, else by the
 * score, each draw compared with the others.
 * @param logP ln p(z) from draws `[samples, batch…, event…]` to `[samples, batch…]`
 * @throws unless exactly one of `z` and `samples` is given and α is finite
 */
export function renyiRatio(
  logP: (z: tf.Tensor) => tf.Tensor,
  q: Distribution,
  alpha: number,
  options: DrawOptions = {},
): tf.Tensor {
  const who = 'renyiRatio';
  checkFunction(who, 'logP', logP, 'of draws');
  checkDraws(who, q, options);
  checkAlpha(who, alpha);
  if (alpha === 1) return elboRatio(logP, q, {...options, form: 'sample'});
  return tf.tidy(() => {
    const {z, logProb} = drawsWithLogProb(who, q, options);
    const ratio = tf.sub(atDraws(who, 'logP', logP, q, z), logProb);
    const mean = temperedMean(ratio, 1 - alpha);
    const box = magicBox(q, z);
    return box === null
      ? mean
      : attach(mean, tf.div(tf.sum(tf.mul(owedToDraws(tf.mul(ratio, 1 - alpha)), box), 0), 1 - alpha));
  });
}

/**
 * What L = ln (1/S) Σ_s e^{l_s} owes to each draw: L less that of the other draws, which is a baseline that the draw
 * has no part in. Constants `[samples, batch…]`; L itself where there are no other draws, or none that counts.
 */
function owedToDraws(l: tf.Tensor): tf.Tensor {
  const fixed = detach(l);
  const s = fixed.shape[0]; // draws have a leading axis
  const weights = normalizedWeights(fixed);
  const isMost = tf.greater(weights, 0.5); // of that one the others are summed afresh, since 1 − w would cancel
  const total = logSumExp(fixed, 0);
  const ofOthers = tf.sub(
    select(isMost, logSumExp(select(isMost, -Infinity, fixed), 0), tf.add(total, log1p(tf.neg(atMost(weights, 0.5))))),
    Math.log(Math.max(1, s - 1)),
  );
  const all = tf.sub(total, Math.log(s));
  const gain = select(tf.greater(ofOthers, -1e38), tf.sub(all, ofOthers), all);
  return detach(select(tf.greater(all, -1e38), gain, 0));
}

/** Where the schedule starts and ends, and how long it takes. */
export interface RenyiAlphaOptions {
  /** The number of steps until `alphaMin` is reached, > 0. */
  decayTime: number;
  /** The last α. */
  alphaMin: number;
  /** The first α, default 0.99999. */
  alphaMax?: number;
}

/**
 * A schedule for α: from `alphaMax` at step 0 to `alphaMin` from step `decayTime` on, (1 − t)·alphaMax + t·alphaMin
 * with t = min(1, (e^{step/decayTime} − 1)/(e − 1)), as renyi_alpha of tf.contrib.bayesflow. Far from 1 the powers of
 * the weights vary most, so training starts near 1.
 */
export function renyiAlpha(step: number, options: RenyiAlphaOptions): number {
  const who = 'renyiAlpha';
  checkKeys(who, options, ['decayTime', 'alphaMin', 'alphaMax']);
  const {decayTime, alphaMin, alphaMax = 0.99999} = options;
  checkNumber(who, 'step', step, nonNegative);
  checkNumber(who, 'decayTime', decayTime, positive);
  checkNumber(who, 'alphaMin', alphaMin, real);
  checkNumber(who, 'alphaMax', alphaMax, real);
  const t = Math.min(1, Math.expm1(step / decayTime) / Math.expm1(1));
  return (1 - t) * alphaMax + t * alphaMin;
}
