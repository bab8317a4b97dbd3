/**
 * Discrete Stein operators: from any function of the samples to one whose expectation is 0, by looking at neighbouring
 * values.
 */
import * as tf from '@tensorflow/tfjs-core';
import {oneHot} from '../../constraints/vectors.js';
import type {Distribution} from '../../distributions/distribution.js';
import {atLeast} from '../../math/numerics.js';
import {detach} from '../../math/stopGradient.js';
import {dot, type Samples} from './samples.js';

/**
 * The N neighbours of each value, which differ from it in one coordinate: the other bit, or each class in turn (the own
 * one too, where nothing changes). All tensors end in `[K, rest, N]`.
 */
export interface Neighbours {
  /** q(y): the probability of the neighbour's coordinate given the others, a constant. */
  readonly weights: tf.Tensor;
  /** lᵀ(y − x) for l `[K, rest, event]`. */
  change(slope: tf.Tensor): tf.Tensor;
  /** Has the gradient q(y) ∂/∂θ [log p(y|θ) − log p(x|θ)]; its value has no meaning. */
  readonly scores: tf.Tensor;
}

/** The neighbours of independent bits or one-hot vectors. */
export function neighboursOf(distribution: Distribution, samples: Coordinates): Neighbours {
  return distribution.support.name === oneHot.name ? otherClasses(distribution, samples) : otherBits(samples);
}

type Coordinates = Pick<Samples, 'values' | 'means'>;

/** q(y) = 1 − q(x) for the other bit, so q(y) ∂[log q(y) − log q(x)] = ∂q(y) / q(x). */
function otherBits({values, means}: Coordinates): Neighbours {
  const sign = tf.sub(1, tf.mul(values, 2));
  const q = detach(tf.add(tf.mul(values, means), tf.mul(tf.sub(1, values), tf.sub(1, means))));
  return {
    weights: detach(tf.abs(tf.sub(values, means))),
    change: slope => tf.mul(slope, sign),
    scores: tf.mul(means, tf.div(sign, atLeast(q, LEAST))),
  };
}

/** q(y) ∂[log q(y) − log q(x)] = ∂q(y) − q(y)/q(x) ∂q(x). */
function otherClasses({eventShape}: Distribution, {values, means}: Coordinates): Neighbours {
  const classes = eventShape[eventShape.length - 1]!;
  const byClass = (t: tf.Tensor): tf.Tensor => tf.reshape(t, [t.size / classes, classes]);
  const [x, p] = [byClass(values), byClass(means)];
  const own = tf.sum(tf.mul(x, p), -1, true);
  const ratio = detach(tf.div(p, atLeast(own, LEAST)));
  const back = (t: tf.Tensor): tf.Tensor => tf.reshape(t, values.shape);
  return {
    weights: detach(means),
    change: slope => back(tf.sub(byClass(slope), tf.expandDims(dot(byClass(slope), x), -1))),
    scores: back(tf.sub(p, tf.mul(ratio, own))),
  };
}

/**
 * Below the smallest probability that has a score; keeps values that are drawn with probability 0 from dividing by it.
 */
const LEAST = 1e-30;

/**
 * The Gibbs operator, (A h)(x) = Σ_y q(y) [h(y) − h(x)] over the neighbours y of x, `[K, rest]`: D times that of the
 * sampler which draws one of D coordinates anew (Shi et al. 2022, section 3). E (A h)(x) = 0, since p(x) q(y) = p(y)
 * q(x).
 * @param h at the neighbours, `[K, rest, N]`, and at the values themselves, `[K, rest]`
 */
export function gibbs({weights}: Neighbours, atNeighbours: tf.Tensor, atValues: tf.Tensor): tf.Tensor {
  return dot(weights, tf.sub(atNeighbours, tf.expandDims(atValues, -1)));
}

/**
 * A term with the gradient (A h ∂/∂θ log p)(x) = Σ_y q(y) [h(y) ∂/∂θ log p(y|θ) − h(x) ∂/∂θ log p(x|θ)], whose
 * expectation is 0: `[K, rest]`. By log p(y) = log p(x) + (log p(y) − log p(x)) it takes the score of one coordinate
 * for each neighbour.
 */
export function gibbsScore(
  neighbours: Neighbours,
  logProb: tf.Tensor,
  atNeighbours: tf.Tensor,
  atValues: tf.Tensor,
): tf.Tensor {
  return tf.add(tf.mul(logProb, gibbs(neighbours, atNeighbours, atValues)), dot(neighbours.scores, atNeighbours));
}
