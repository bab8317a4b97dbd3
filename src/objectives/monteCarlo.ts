/** Monte Carlo integration with draws from another distribution than the one of interest: `st.monteCarlo`. */
import * as tf from '@tensorflow/tfjs-core';
import {logSumExp} from '../math/logSumExp.js';
import {atLeast} from '../math/numerics.js';
import {detach} from '../math/stopGradient.js';
import {safeLog} from '../math/elementary.js';
import type {Distribution} from '../distributions/distribution.js';
import {atDraws, checkDraws, checkFunction, drawsFrom, type DrawOptions} from './draws.js';

/** A function of draws `[samples, batch…, event…]`, to `[samples, batch…]`. */
export type OfDraws = (z: tf.Tensor) => tf.Tensor;

/**
 * (1/S) Σ_s f(z_s) p(z_s)/q(z_s) over draws z_s from q, an unbiased estimate of E_p[f(z)], `[batch…]`; of ∫ f p where p is not normalised. f may have both signs. The weights are taken relative to
 * the largest |f|·p/q, so that nothing overflows or vanishes but what the result itself cannot hold.
 *
 * Its gradient is unbiased too. Where q is not reparameterised its parameters have none: the estimate has the same mean whatever they are.
 * q must be positive wherever f·p is not 0, and f finite wherever q is positive.
 * @param f the function of interest
 * @param logP ln p(z)
 * @throws unless exactly one of `z` and `samples` is given
 */
export function expectationImportanceSampler(f: OfDraws, logP: OfDraws, samplingDistQ: Distribution, options: DrawOptions = {}): tf.Tensor {
  const who = 'expectationImportanceSampler';
  return tf.tidy(() => {
    const {value, logRatio} = ratios(who, 'f', f, logP, samplingDistQ, options);
    const size = safeLog(atLeast(tf.abs(detach(value)), 1e-10)); // the floor keeps weights within range where f is 0
    const top = detach(atLeast(tf.max(tf.add(detach(logRatio), size), 0, true), -1e38));
    const mean = tf.mean(tf.mul(value, tf.exp(tf.sub(logRatio, top))), 0);
    return tf.mul(mean, tf.exp(tf.squeeze(top, [0])));
  });
}

/**
 * ln (1/S) Σ_s f(z_s) p(z_s)/q(z_s) over draws z_s from q, for a positive f given by its logarithm: `expectationImportanceSampler` in log-space, for values of any size. It is too small on average,
 * by Jensen's inequality, with a bias of order 1/S; its exponential has none. Its gradient has a bias of that order too. Where ln f is −∞ for all draws, so is the result.
 * @param logF ln f(z)
 * @param logP ln p(z)
 * @throws unless exactly one of `z` and `samples` is given
 */
export function expectationImportanceSamplerLogSpace(logF: OfDraws, logP: OfDraws, samplingDistQ: Distribution, options: DrawOptions = {}): tf.Tensor {
  const who = 'expectationImportanceSamplerLogSpace';
  return tf.tidy(() => {
    const {value, logRatio} = ratios(who, 'logF', logF, logP, samplingDistQ, options);
    const all = tf.add(value, logRatio);
    return tf.sub(logSumExp(all, 0), Math.log(all.shape[0])); // draws have a leading axis
  });
}

/** f(z) and ln p(z) − ln q(z), `[samples, batch…]`. */
function ratios(who: string, what: string, f: OfDraws, logP: OfDraws, q: Distribution, options: DrawOptions): {value: tf.Tensor; logRatio: tf.Tensor} {
  checkFunction(who, what, f);
  checkFunction(who, 'logP', logP);
  checkDraws(who, q, options);
  const z = drawsFrom(who, q, options);
  const logQ = q.logProb(z);
  // Along draws that are constants the score of q and the derivative of 1/q cancel, draw by draw.
  const proposal = q.isReparameterized ? logQ : detach(logQ);
  return {value: atDraws(who, what, f, q, z), logRatio: tf.sub(atDraws(who, 'logP', logP, q, z), proposal)};
}
