/** Means over draws with a gradient that is right for every family. */
import * as tf from '@tensorflow/tfjs-core';
import {stopGradient} from '../math/stopGradient.js';
import type {Key} from '../random/key.js';
import type {Distribution} from './distribution.js';

/**
 * The mean of f over `samples` draws x from q, f(x) of shape [samples, batch…], an unbiased estimate of E_q f with an unbiased gradient to
 * any order: along the draws where q is reparameterised, otherwise each term is multiplied by e^{ln q − stop(ln q)} = 1, whose
 * derivative is the score (Foerster et al. 2018, "DiCE", equation 6). Call it in a tidy.
 */
export function expectationUnder(q: Distribution, samples: number, key: Key | undefined, f: (x: tf.Tensor) => tf.Tensor): tf.Tensor {
  const x = q.sample(samples, {key});
  if (q.isReparameterized) return tf.mean(f(x), 0);
  const logProb = q.logProb(x);
  const one = tf.exp(tf.sub(logProb, stopGradient(logProb)));
  return tf.mean(tf.mul(f(x), one), 0);
}
