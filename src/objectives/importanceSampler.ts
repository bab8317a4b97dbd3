/** Monte Carlo integration with draws from another distribution than the one of interest. */
import * as tf from '@tensorflow/tfjs-core';
import {logSumExp} from '../functions/logarithms/index.js';
import {atLeast, atMost, select, signOf} from '../math/numerics.js';
import {detach} from '../math/stopGradient.js';
import {safeLog} from '../functions/elementary/index.js';
import type {Distribution} from '../distributions/distribution.js';
import {attach} from '../graph/attach.js';
import {atDraws, checkDraws, drawsFrom, type DrawOptions} from './draws.js';
import {checkFunction} from '../util/options.js';

/** A function of draws `[samples, batch…, event…]`, to `[samples, batch…]`. */
export type OfDraws = (z: tf.Tensor) => tf.Tensor;

/**
 * (1/S) Σ_s f(z_s) p(z_s)/q(z_s) over draws z_s from q, an unbiased estimate of E_p[f(z)], `[batch…]`; of ∫ f p where p
 * is not normalised. f may have both signs. The weights are taken relative to the largest |f|·p/q, so that nothing
 * overflows or vanishes but what the result itself cannot hold; a draw at which f is 0 adds nothing, however great its
 * weight.
 *
 * Its gradient is unbiased too. Where q is not reparameterised its parameters have none: the estimate has the same mean
 * whatever they are. q must be positive wherever f·p is not 0, and f finite wherever q is positive.
 * @param f the function of interest
 * @param logP ln p(z)
 * @throws unless exactly one of `z` and `samples` is given
 */
export function expectationImportanceSampler(
  f: OfDraws,
  logP: OfDraws,
  samplingDistQ: Distribution,
  options: DrawOptions = {},
): tf.Tensor {
  const who = 'expectationImportanceSampler';
  return tf.tidy(() => {
    const {value, logRatio} = ratios(who, 'f', f, logP, samplingDistQ, options);
    const [held, share] = [detach(value), tf.sub(logRatio, Math.log(logRatio.shape[0]))]; // draws have a leading axis
    // of |f|: a draw at which f is 0 adds nothing, however great its weight
    const size = select(tf.equal(held, 0), -Infinity, safeLog(tf.abs(held)));
    const parts = tf.add(select(tf.equal(held, 0), 0, share), size);
    // f·w by the logarithm, and f alone beside it, whose value is 0: the derivative in f is the weight, as far as
    // float32 holds it.
    const each = tf.add(
      tf.mul(signOf(held), tf.exp(parts)),
      tf.mul(tf.sub(value, held), tf.exp(atMost(share, LARGEST))),
    );
    return attach(signedSum(signOf(held), detach(parts)), tf.sum(each, 0));
  });
}

/** Its exponential is just below the largest float32. */
const LARGEST = 88;

/** Σ signs·e^{logs} over the leading axis, of any size that the result can hold. */
function signedSum(signs: tf.Tensor, logs: tf.Tensor): tf.Tensor {
  const top = atLeast(tf.max(logs, 0, true), -1e38);
  const sum = tf.sum(tf.mul(signs, tf.exp(tf.sub(logs, top))), 0);
  const half = tf.exp(tf.div(tf.squeeze(top, [0]), 2)); // e^top itself may be too large where the sum is small
  return select(tf.equal(sum, 0), 0, tf.mul(tf.mul(sum, half), half));
}

/**
 * ln (1/S) Σ_s f(z_s) p(z_s)/q(z_s) over draws z_s from q, for a positive f given by its logarithm:
 * `expectationImportanceSampler` in log-space, for values of any size. It is too small on average, by Jensen's
 * inequality, with a bias of order 1/S; its exponential has none. Its gradient has a bias of that order too. Where ln f
 * is −∞ for all draws, so is the result.
 * @param logF ln f(z)
 * @param logP ln p(z)
 * @throws unless exactly one of `z` and `samples` is given
 */
export function expectationImportanceSamplerLogSpace(
  logF: OfDraws,
  logP: OfDraws,
  samplingDistQ: Distribution,
  options: DrawOptions = {},
): tf.Tensor {
  const who = 'expectationImportanceSamplerLogSpace';
  return tf.tidy(() => {
    const {value, logRatio} = ratios(who, 'logF', logF, logP, samplingDistQ, options);
    // f = 0 adds nothing, however great the weight
    const all = select(tf.less(detach(value), -1e38), -Infinity, tf.add(value, logRatio));
    return tf.sub(logSumExp(all, 0), Math.log(all.shape[0])); // draws have a leading axis
  });
}

/** f(z) and ln p(z) − ln q(z), `[samples, batch…]`. */
function ratios(
  who: string,
  what: string,
  f: OfDraws,
  logP: OfDraws,
  q: Distribution,
  options: DrawOptions,
): {value: tf.Tensor; logRatio: tf.Tensor} {
  checkFunction(who, what, f, 'of draws');
  checkFunction(who, 'logP', logP, 'of draws');
  checkDraws(who, q, options);
  const z = drawsFrom(who, q, options);
  const logQ = q.logProb(z);
  // Along draws that are constants the score of q and the derivative of 1/q cancel, draw by draw.
  const proposal = q.isReparameterized ? logQ : detach(logQ);
  return {value: atDraws(who, what, f, q, z), logRatio: tf.sub(atDraws(who, 'logP', logP, q, z), proposal)};
}
