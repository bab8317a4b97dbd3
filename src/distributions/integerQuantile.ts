/** Quantiles of distributions over whole numbers, by bisection. */
import * as tf from '@tensorflow/tfjs-core';
import {select} from '../math/numerics.js';

export interface IntegerQuantile {
  /** F at whole numbers >= 0. */
  cdf: (k: tf.Tensor) => tf.Tensor;
  mean: tf.Tensor;
  stddev: tf.Tensor;
  /** The greatest value, if there is one: the quantile of 1. */
  greatest?: tf.Tensor;
}

/** Halvings of a bracket: enough for 2^32 whole numbers. */
const STEPS = 32;

/**
 * The smallest whole k >= 0 with F(k) >= p, of the broadcast shape; for p = 0 that is 0, for p = 1 the greatest value,
 * or ∞. A constant. Cantelli's inequality brackets k: X >= mean + t has at most the probability σ²/(σ² + t²), so k <=
 * mean + σ √(p/(1 − p)), and in the same way k >= mean − σ √((1 − p)/p). The bracket is halved with tensors; nothing is
 * read back.
 */
export function integerQuantile(p: tf.Tensor, {cdf, mean, stddev, greatest}: IntegerQuantile): tf.Tensor {
  const find = tf.customGrad(() => {
    const odds = tf.clipByValue(tf.sqrt(tf.div(p, tf.sub(1, p))), 1e-19, 1e6);
    const margin = tf.add(tf.mul(mean, 1e-5), 2); // for rounding
    const lower = tf.sub(tf.sub(mean, tf.div(stddev, odds)), margin);
    const upper = tf.add(tf.add(mean, tf.mul(stddev, odds)), margin);
    // F(low) < p or low = −1, and F(high) >= p
    let low: tf.Tensor = tf.maximum(tf.floor(lower), -1);
    let high: tf.Tensor = tf.minimum(tf.ceil(upper), greatest ?? 3e38);
    for (let i = 0; i < STEPS; i++) {
      [low, high] = tf.tidy(() => {
        const middle = tf.floor(tf.mul(tf.add(low, high), 0.5));
        const reached = tf.greaterEqual(cdf(tf.maximum(middle, 0)), p);
        const enough = tf.logicalAnd(reached, tf.greater(middle, low));
        return [select(enough, low, middle), select(enough, middle, high)];
      });
    }
    const last = select(tf.equal(mean, 0), 0, greatest ?? Infinity); // of a mean of 0, all that there is is 0
    return {value: select(tf.equal(p, 0), 0, select(tf.equal(p, 1), last, high)), gradFunc: () => []};
  });
  return find();
}
