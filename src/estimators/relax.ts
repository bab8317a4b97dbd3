import * as tf from '@tensorflow/tfjs-core';
import {check, checkKeys} from '../util/errors.js';
import {readNetwork} from '../baselines/network.js';
import {Slots, type EstimatorOf, type NodeView} from '../graph/estimator.js';
import {register} from '../graph/estimatorRegistry.js';
import {combineControlVariate, defaultControlVariate, evaluate, type ControlVariate, type ControlVariateState} from './controlVariate.js';
import {checkUnits} from './lax.js';
import {drawRelaxed} from './relaxedDraw.js';

export interface RelaxConfig {
  /** c_φ(z), z unbounded; default a perceptron on 2·soften(z, λ) − 1 and the node's parameters, one for each node, λ learnt. */
  controlVariate?: ControlVariate;
  /** Hidden widths of the default control variate; default [100]. */
  units?: readonly number[];
  /** Where λ of the default control variate starts; default 0.5. */
  temperature?: number;
}

/**
 * RELAX: with z ~ p(z|θ), b = H(z), z̃ ~ p(z|b, θ), g = (f(b) − c_φ(z̃)) ∂/∂θ log p(b|θ) + ∂/∂θ c_φ(z) − ∂/∂θ c_φ(z̃) (Grathwohl et al. 2018, eq. 8).
 * z and z̃ are reparameterised; their distributions for Bernoulli and categorical b are those of appendix C. Unbiased for every c_φ; φ
 * follows ∂/∂φ g², the gradient with respect to the distribution's parameters.
 */
export function relax(config: RelaxConfig = {}): EstimatorOf<'relaxation'> {
  checkKeys('relax', config, ['controlVariate', 'units', 'temperature']);
  const {units = [100], temperature = 0.5} = config;
  checkUnits('relax', units);
  check(typeof temperature === 'number' && temperature > 0 && Number.isFinite(temperature), 'relax', 'temperature must be a finite number > 0', temperature);
  const given = config.controlVariate === undefined ? null : readNetwork('relax', 'controlVariate', config.controlVariate);
  const states = new Slots<ControlVariateState>();
  return {
    kind: 'estimator',
    needs: 'relaxation',
    name: 'relax',
    config: given === null ? {units: [...units], temperature} : null,
    bias: 'unbiased',
    requires: {
      rule: 'a distribution with a continuous relaxation (Bernoulli, Categorical, OneHotCategorical, or Independent of one)',
      accepts: q => q.relaxation !== null,
    },
    evaluations: 1,
    source: 'Grathwohl et al. 2018, eq. 8',
    differentiable: false,
    perSample: true,
    draw: (distribution, sampleShape, key) => drawRelaxed('relax', distribution, sampleShape, key),
    combine(node, cost) {
      const controlVariate = given ?? states.get(node.slot, () => makeDefault(units, temperature));
      const z = evaluate('relax', controlVariate, node.memo['z']!, node);
      const zTilde = evaluate('relax', controlVariate, node.memo['zTilde']!, node);
      return combineControlVariate(node, tf.sub(cost, zTilde), tf.sum(tf.sub(z, zTilde)), controlVariate.variables);
    },
    dispose: () => states.clear(state => state.dispose()),
  };
}

function makeDefault(units: readonly number[], temperature: number): ControlVariateState {
  const logTemperature = tf.tidy(() => tf.variable(tf.scalar(Math.log(temperature))));
  const squash = (z: tf.Tensor, node: NodeView): tf.Tensor =>
      tf.sub(tf.mul(node.distribution.relaxation!.soften(z, tf.exp(logTemperature)), 2), 1); // `requires` made sure of a relaxation
  return defaultControlVariate(units, squash, [logTemperature]);
}

register('relax', relax);
