import {checkKeys} from '../util/options.js';
import type {EstimatorOf} from '../graph/estimator.js';
import type {GumbelSoftmaxConfig} from './gumbelSoftmax.js';
import {relaxedEstimator, straighten} from './shared/relaxed.js';
import {readTemperature} from './shared/temperature.js';

/**
 * Straight-through Gumbel-softmax: the value is the hard b = H(z) of the noisy z, the gradient that of the soft value
 * of the same z: f′(b) ∂/∂θ soften(z(θ), τ) (Jang et al. 2017, section 2.2). Biased at every τ.
 */
export function straightThroughGumbelSoftmax(config: GumbelSoftmaxConfig = {}): EstimatorOf<'relaxation'> {
  checkKeys('straightThroughGumbelSoftmax', config, ['temperature']);
  const {temperature = 0.5} = config;
  const schedule = readTemperature('straightThroughGumbelSoftmax', 'temperature', temperature);
  return relaxedEstimator({
    name: 'straightThroughGumbelSoftmax',
    config: schedule.json === null ? null : {temperature: schedule.json},
    source: 'Jang et al. 2017, section 2.2',
    value(_, relaxation, sampleShape, key) {
      const z = relaxation.sample(sampleShape, {key});
      return straighten(relaxation.harden(z), relaxation.soften(z, schedule.now()));
    },
    dispose: () => schedule.reset(),
  });
}
