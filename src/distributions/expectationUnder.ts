/** Means over draws with a gradient that is right for every family. */
import * as tf from '@tensorflow/tfjs-core';
import {stopGradient} from '../math/stopGradient.js';
import type {Key} from '../keys/key.js';
import type {Distribution} from './distribution.js';

/**
 * The mean of f over `samples` draws x from q, f(x) of shape [samples, batch…], an unbiased estimate of E_q f with an
 * unbiased gradient to any order. Call it in a tidy.
 */
export function expectationUnder(
  q: Distribution,
  samples: number,
  key: Key | undefined,
  f: (x: tf.Tensor) => tf.Tensor,
): tf.Tensor {
  const x = q.sample(samples, {key});
  const box = magicBox(q, x);
  return tf.mean(box === null ? f(x) : tf.mul(f(x), tf.exp(box)), 0);
}

/**
 * What makes the derivatives of a mean over draws x from q right: null where they lead along the draws, since q is
 * reparameterised; otherwise ln q − stop(ln q) = 0, to whose exponential each term is to be multiplied, and whose
 * derivative is the score (Foerster et al. 2018, "DiCE", equation 6).
 */
export function magicBox(q: Distribution, x: tf.Tensor): tf.Tensor | null {
  if (q.isReparameterized) return null;
  const logProb = q.logProb(x);
  return tf.sub(logProb, stopGradient(logProb));
}
