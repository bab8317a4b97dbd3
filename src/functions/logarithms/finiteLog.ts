/** Logarithms of probabilities, finite where an event is impossible. */
import * as tf from '@tensorflow/tfjs-core';
import {atLeast, LEAST_FINITE, select} from '../../math/numerics.js';
import {stopGradient} from '../../math/stopGradient.js';
import {safeLog} from '../elementary/index.js';

/** What stands for the probability 0 where everything must stay finite. */
const LEAST_PROBABILITY = 1e-18;

/** ln p for a probability, at least ln 10⁻¹⁸, so that it and two derivatives of it stay finite. */
export function finiteLog(p: tf.Tensor): tf.Tensor {
  return safeLog(atLeast(p, LEAST_PROBABILITY)); // of NaN too, on GPUs
}

/**
 * Logarithms of weights along the last axis, with ln 10⁻¹⁸ below the greatest in the place of −∞, where the derivative
 * is 0.
 */
export function finiteLogWeights(logWeights: tf.Tensor): tf.Tensor {
  const floor = stopGradient(
    tf.add(tf.fill(logWeights.shape, Math.log(LEAST_PROBABILITY)), tf.max(logWeights, -1, true)),
  );
  return select(tf.less(logWeights, LEAST_FINITE), floor, logWeights);
}
