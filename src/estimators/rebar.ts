import * as tf from '@tensorflow/tfjs-core';
import {checkKeys} from '../util/options.js';
import {positive, real} from '../constraints/numberSets.js';
import {checkNumber} from '../constraints/check.js';
import {grow} from '../math/grow.js';
import type {EstimatorOf} from '../graph/estimator.js';
import {StatesOf} from '../graph/nodeStates.js';
import {combineControlVariate} from './shared/controlVariate.js';
import {makeRelaxedCost, type RelaxedCost} from './shared/relaxedCost.js';
import {drawRelaxed} from './shared/relaxedDraw.js';
import {softenable} from './shared/requirements.js';

/** Where the parameters of the control variate start; they are learnt for each node. */
export interface RebarConfig {
  /** Where λ starts; default 0.5. */
  temperature?: number;
  /** Where η starts; default 1. */
  scale?: number;
  /** Where κ starts; default 0. */
  offset?: number;
}

/** What is trained for one node. */
interface RebarState {
  readonly relaxedCost: RelaxedCost;
  readonly kappa: tf.Variable;
}

/**
 * REBAR: with z ~ p(z|θ), b = H(z), z̃ ~ p(z|b, θ) and c(z) = η f(σ_λ(z)) + κ, g = (f(b) − c(z̃)) ∂/∂θ log p(b|θ) +
 * ∂/∂θ c(z) − ∂/∂θ c(z̃) (Tucker et al. 2017, eq. 7; in this form Grathwohl et al. 2018, eq. 8). f is the cost itself
 * at soft values, so it must be a differentiable function of them, without jumps; draws downstream count by their
 * scores. η, λ and the constant baseline κ are learnt for each node: they follow ∂/∂(η, λ, κ) g². Unbiased for all of
 * their values; three evaluations.
 * @throws if no derivative of the cost leads to the node's value; one that jumps cannot be told apart and would give a
 * bias
 * @example
 * ```ts
 * const logits = tf.variable(tf.zeros([2]));
 * const estimator = st.rebar();
 * const {grads} = st.variableGrads(() => {
 *   const b = new st.DistributionTensor(new st.Bernoulli({logits}), {estimator});
 *   return tf.square(tf.sub(b.value, 0.25));
 * }, [logits]);
 * grads[logits.name].shape; // [2]
 * ```
 */
export function rebar(config: RebarConfig = {}): EstimatorOf<'relaxation'> {
  checkKeys('rebar', config, ['temperature', 'scale', 'offset']);
  const {temperature = 0.5, scale = 1, offset = 0} = config;
  checkNumber('rebar', 'temperature', temperature, positive);
  for (const [name, value] of Object.entries({scale, offset})) {
    checkNumber('rebar', name, value, real);
  }
  const states = new StatesOf<RebarState>({
    make: () => start(temperature, scale, offset),
    parts: ({relaxedCost: {variables, average}, kappa}) => ({
      variables: [...variables, kappa, average.moment],
      counters: [average],
    }),
    dispose({relaxedCost, kappa}) {
      relaxedCost.dispose();
      kappa.dispose();
    },
  });
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
    combine(node, {total: cost}, downstream) {
      const {relaxedCost, kappa} = states.get(node);
      const z = relaxedCost.call(node.memo['z']!, node, downstream);
      const zTilde = relaxedCost.call(node.memo['zTilde']!, node, downstream);
      relaxedCost.learn(cost);
      const residual = grow(tf.sub(tf.sub(cost, zTilde), kappa), node.shape);
      return combineControlVariate(node, residual, tf.sum(tf.sub(z, zTilde)), [...relaxedCost.variables, kappa]);
    },
    states,
    dispose: () => states.clear(),
  };
}

function start(temperature: number, scale: number, offset: number): RebarState {
  return {
    relaxedCost: makeRelaxedCost('rebar', temperature, scale),
    kappa: tf.tidy(() => tf.variable(tf.scalar(offset))),
  };
}
