import * as tf from '@tensorflow/tfjs-core';
import {check, failUnknown, isNameIn} from '../util/errors.js';
import {checkKeys} from '../util/options.js';
import {atLeast, atMost} from '../math/numerics.js';
import type {Distribution, Relaxation} from '../distributions/distribution.js';
import type {EstimatorOf} from '../graph/estimator.js';
import {relaxedEstimator, straighten} from './shared/relaxed.js';
import {softenable, softenableBinary} from './shared/requirements.js';
import {readTemperature, type Temperature} from './shared/temperature.js';

/** What the gradient passes through, with the logits α of a Bernoulli. */
const WAYS = {
  mean: {
    soft: q => q.mean(),
    source: 'Bengio et al. 2013, the straight-through estimator times the derivative of the sigmoid',
  },
  identity: {
    soft: (_, relaxation) => relaxation.location(),
    source: 'Hinton 2012, lecture 15b; Bengio et al. 2013, the straight-through estimator',
  },
  hardTanh: {
    soft: (_, relaxation) => atMost(atLeast(relaxation.location(), -1), 1),
    source: 'Hubara et al. 2016, eq. 4',
  },
  hardSigmoid: {
    soft: (_, relaxation, slope) => atMost(atLeast(tf.mul(tf.add(tf.mul(relaxation.location(), slope), 1), 0.5), 0), 1),
    source: 'Chung et al. 2017, the hard sigmoid and the slope annealing trick',
  },
} as const satisfies Record<
  string,
  {soft: (q: Distribution, relaxation: Relaxation, slope: tf.Tensor | number) => tf.Tensor; source: string}
>;

/** What stands in for the draw in the backward pass. */
export interface StraightThroughConfig {
  /**
   * What the gradient passes through in the place of the draw: `mean` (default), the probabilities; and for Bernoulli
   * with logits α `identity`, α itself; `hardTanh`, max(−1, min(1, α)); `hardSigmoid`, max(0, min(1, (aα + 1)/2)) with
   * slope a.
   */
  through?: keyof typeof WAYS;
  /**
   * The slope a > 0 of `hardSigmoid`: a number, a scalar tensor or a schedule `(step) => number` that anneals it
   * upwards; default 1.
   */
  slope?: Temperature;
}

/**
 * Straight-through: the value is a plain draw b ~ p(b|θ), the gradient f′(b) ∂s(θ)/∂θ with a soft s in its place: the
 * mean (Bengio et al. 2013), the logits (Hinton 2012), the clipped logits (Hubara et al. 2016) or a hard sigmoid whose
 * slope may be annealed (Chung et al. 2017). Biased; through the mean it is exact where f is linear.
 * @example
 * ```ts
 * const logits = tf.variable(tf.zeros([2]));
 * const estimator = st.straightThrough();
 * const {grads} = st.variableGrads(() => {
 *   const b = new st.DistributionTensor(new st.Bernoulli({logits}), {estimator});
 *   return tf.square(tf.sub(b.value, 0.25));
 * }, [logits]);
 * grads[logits.name].shape; // [2]
 * ```
 */
export function straightThrough(config: StraightThroughConfig = {}): EstimatorOf<'relaxation'> {
  const who = 'straightThrough';
  checkKeys(who, config, ['through', 'slope']);
  const {through = 'mean', slope} = config;
  if (!isNameIn(WAYS, through)) failUnknown(who, 'through', through, Object.keys(WAYS));
  const {soft, source} = WAYS[through];
  check(slope === undefined || through === 'hardSigmoid', who, 'slope belongs to through: "hardSigmoid"', through);
  const schedule = readTemperature(who, 'slope', slope === undefined ? 1 : slope);
  const json = through === 'hardSigmoid' ? {through, slope: schedule.json} : {through};
  return relaxedEstimator({
    name: who,
    config: schedule.json === null ? null : json,
    source,
    requires: through === 'mean' ? softenable : softenableBinary,
    value: (q, relaxation, sampleShape, key) =>
      straighten(q.sample(sampleShape, {key}), soft(q, relaxation, schedule.now())),
    dispose: () => schedule.reset(),
  });
}
