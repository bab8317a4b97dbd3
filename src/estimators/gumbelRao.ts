import * as tf from '@tensorflow/tfjs-core';
import {checkCount, checkKeys} from '../util/options.js';
import {sizeOf, type Shape} from '../util/shapes.js';
import {constants} from '../math/stopGradient.js';
import type {Relaxation} from '../distributions/distribution.js';
import type {EstimatorOf} from '../graph/estimator.js';
import {inGradientScope} from '../graph/tape.js';
import {split, type Key} from '../keys/key.js';
import type {GumbelSoftmaxConfig} from './gumbelSoftmax.js';
import {relaxedEstimator, straighten} from './shared/relaxed.js';
import {readTemperature} from './shared/temperature.js';

/** The temperature of the relaxation, and how many draws its gradient is averaged over. */
export interface GumbelRaoConfig extends GumbelSoftmaxConfig {
  /** K, the conditional draws that the gradient is averaged over; default 10. They do not show in the value. */
  samples?: number;
}

/**
 * Gumbel-Rao: the straight-through Gumbel-softmax with its variance reduced. The value is a plain draw b ~ p(b|θ), the
 * gradient f′(b) (1/K) Σₖ ∂/∂θ soften(θ + gₖ, τ) with noise gₖ ~ p(g|b, θ) held constant (Paulus et al. 2021, section
 * 3, GR-MC_K). It has the mean of `straightThroughGumbelSoftmax`, so it is biased as that is; were gₖ differentiated
 * too, it would not.
 */
export function gumbelRao(config: GumbelRaoConfig = {}): EstimatorOf<'relaxation'> {
  checkKeys('gumbelRao', config, ['samples', 'temperature']);
  const {samples = 10, temperature = 0.5} = config;
  checkCount('gumbelRao', 'samples', samples, 1);
  const schedule = readTemperature('gumbelRao', 'temperature', temperature);
  return relaxedEstimator({
    name: 'gumbelRao',
    config: schedule.json === null ? null : {samples, temperature: schedule.json},
    source: 'Paulus et al. 2021, section 3, GR-MC_K',
    value(q, relaxation, sampleShape, key) {
      const [forValue, forNoise] = split(key, 2) as [Key, Key]; // as many as asked for
      const b = q.sample(sampleShape, {key: forValue});
      const now = schedule.now();
      if (!inGradientScope()) return b;
      const theta = relaxation.location();
      // The K draws and the sample axes are one axis: backends are weak at high ranks.
      const noise = noiseGiven(relaxation, repeatDraw(b, samples, [...q.batchShape, ...q.eventShape]), forNoise);
      const soft = relaxation.soften(tf.add(theta, noise), now);
      noise.dispose();
      return straighten(b, tf.reshape(tf.mean(tf.reshape(soft, [samples, b.size]), 0), b.shape));
    },
    dispose: () => schedule.reset(),
  });
}

/** K copies of `b`, `[K·samples, ...shape]`, with `shape` that of one sample. */
function repeatDraw(b: tf.Tensor, copies: number, shape: Shape): tf.Tensor {
  const samples = sizeOf(b.shape.slice(0, b.rank - shape.length));
  return tf.reshape(tf.broadcastTo(tf.reshape(b, [1, b.size]), [copies, b.size]), [copies * samples, ...shape]);
}

/** The noise behind `b`, of its shape, as a constant. */
function noiseGiven(relaxation: Relaxation, b: tf.Tensor, key: Key): tf.Tensor {
  const [noise] = constants(() => [tf.tidy(() => tf.sub(relaxation.conditional(b, {key}), relaxation.location()))]);
  return noise!;
}
