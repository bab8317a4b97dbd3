import * as tf from '@tensorflow/tfjs-core';
import {check, checkKeys} from '../util/errors.js';
import {isUpstream} from '../math/derivatives.js';
import {grow} from '../math/grow.js';
import {Slots, type EstimatorOf} from '../graph/estimator.js';
import {register} from '../graph/estimatorRegistry.js';
import {combineControlVariate} from './controlVariate.js';
import {drawRelaxed} from './relaxedDraw.js';
import {softenable} from './requirements.js';

export interface RebarConfig {
  /** Where λ starts; default 0.5. */
  temperature?: number;
  /** Where η starts; default 1. */
  scale?: number;
  /** Where κ starts; default 0. */
  offset?: number;
}

interface State {
  readonly logTemperature: tf.Variable;
  readonly eta: tf.Variable;
  readonly kappa: tf.Variable;
  /** Whether the cost has been found to be differentiable in the node's value. */
  checked: boolean;
}

/**
 * REBAR: with z ~ p(z|θ), b = H(z), z̃ ~ p(z|b, θ) and c(z) = η f(σ_λ(z)) + κ, g = (f(b) − c(z̃)) ∂/∂θ log p(b|θ) + ∂/∂θ c(z) − ∂/∂θ c(z̃) (Tucker et al. 2017,
 * eq. 7; in this form Grathwohl et al. 2018, eq. 8). f is the cost itself at soft values, so it must be a differentiable function of them, without
 * jumps; draws downstream count by their scores. η, λ and the constant baseline κ are learnt for each node: they follow ∂/∂(η, λ, κ) g². Unbiased for
 * all of their values; three evaluations.
 * @throws if no derivative of the cost leads to the node's value; one that jumps cannot be told apart and would give a bias
 */
export function rebar(config: RebarConfig = {}): EstimatorOf<'relaxation'> {
  checkKeys('rebar', config, ['temperature', 'scale', 'offset']);
  const {temperature = 0.5, scale = 1, offset = 0} = config;
  check(typeof temperature === 'number' && temperature > 0 && Number.isFinite(temperature), 'rebar', 'temperature must be a finite number > 0', temperature);
  for (const [name, value] of Object.entries({scale, offset})) {
    check(typeof value === 'number' && Number.isFinite(value), 'rebar', `${name} must be a finite number`, value);
  }
  const states = new Slots<State>();
  return {
    kind: 'estimator',
    needs: 'relaxation',
    name: 'rebar',
    config: {temperature, scale, offset},
    bias: 'unbiased',
    requires: softenable,
    evaluations: 3,
    source: 'Tucker et al. 2017, eq. 7; Grathwohl et al. 2018, eq. 8',
    differentiable: false,
    perSample: true,
    draw: (distribution, sampleShape, key) => drawRelaxed('rebar', distribution, sampleShape, key),
    combine(node, cost, downstream) {
      const {relaxation} = node.distribution;
      const state = states.get(node.slot, () => start(temperature, scale, offset));
      const {logTemperature, eta, kappa} = state;
      const controlVariate = (z: tf.Tensor): tf.Tensor => {
        const soft = relaxation!.soften(z, tf.exp(logTemperature)); // `requires` made sure of a relaxation
        const f = downstream.at(soft, 'total');
        // Without a derivative the parts of the estimate would not fit together, and nobody would see it.
        check(state.checked || isUpstream(soft, f), `rebar at node ${JSON.stringify(node.name)}`, 'the cost must be a differentiable function of the value');
        state.checked = true;
        return tf.mul(eta, f);
      };
      const z = controlVariate(node.memo['z']!);
      const zTilde = controlVariate(node.memo['zTilde']!);
      const residual = grow(tf.sub(tf.sub(cost, zTilde), kappa), node.shape);
      return combineControlVariate(node, residual, tf.sum(tf.sub(z, zTilde)), [logTemperature, eta, kappa]);
    },
    dispose: () => states.clear(({logTemperature, eta, kappa}) => tf.dispose([logTemperature, eta, kappa])),
  };
}

function start(temperature: number, scale: number, offset: number): State {
  const variable = (x: number): tf.Variable => tf.tidy(() => tf.variable(tf.scalar(x)));
  return {logTemperature: variable(Math.log(temperature)), eta: variable(scale), kappa: variable(offset), checked: false};
}

register('rebar', rebar);
