/** Value gradients through one step of a model. */
import * as tf from '@tensorflow/tfjs-core';
import {checkKeys} from '../../util/options.js';
import {alongArgument} from './alongArgument.js';
import {recordedDraw, type ControlPolicy, type Prediction, type StateValue} from './predictions.js';
import {
  checkBootstrap,
  checkFunctions,
  checkResult,
  checkTransitions,
  type Bootstrapped,
  type Transitions,
} from './transitions.js';

/** The model of one step, the costs, and the policy that is improved through them. */
export interface Svg1Config extends Bootstrapped {
  /** f(s, a): what state follows. */
  dynamics: (states: tf.Tensor, actions: tf.Tensor) => Prediction;
  /** π(s): a distribution of vectors [batch…, m], reparameterised, or a tensor. */
  policy: ControlPolicy;
  /** c(s, a), [batch…]. */
  cost: (states: tf.Tensor, actions: tf.Tensor) => tf.Tensor;
  /** V(s′), [batch…], of what comes after the step; its own variables get no gradient. */
  value: StateValue;
  /** Recorded states, actions and next states, of any behaviour. */
  transitions: Pick<Transitions, 'states' | 'actions' | 'nextStates'>;
}

/**
 * SVG(1): c(s, a) + γ V(s′), [batch…], with a = π(s, η) and s′ = f(s, a, ζ), whose derivative is (∂c/∂a + γ ∂V/∂s′ ·
 * ∂f/∂a) · ∂π/∂θ along the recorded step: η is inferred from the recorded action, ζ from the recorded next state, so
 * that an error of the model moves no state. Minimise it over the policy's variables; those of `dynamics`, `cost` and
 * `value` are held constant.
 *
 * Source: Heess et al. 2015, "Learning continuous control policies by stochastic value gradients", algorithm 2 (rewards
 * there, costs here).
 * @throws for tensors and results of wrong shapes, and if `value` has no derivative along the state
 */
export function svg1(config: Svg1Config): tf.Tensor {
  const who = 'svg1';
  checkKeys(who, config, ['dynamics', 'policy', 'cost', 'value', 'transitions', 'discount', 'weights']);
  const {dynamics, policy, cost, value, transitions, discount = 1, weights} = config;
  checkFunctions(who, {dynamics, policy, cost, value});
  const batch = checkTransitions(who, transitions, ['states', 'actions', 'nextStates']);
  checkBootstrap(who, {discount, weights}, batch);
  const {states, actions, nextStates} = transitions;
  const costToGo = (a: tf.Tensor): tf.Tensor => {
    const next = recordedDraw(who, 'dynamics', dynamics(states, a), nextStates);
    const direct = checkResult(who, 'cost', cost(states, a), batch);
    return tf.add(direct, tf.mul(alongArgument(who, 'value', value, next), discount));
  };
  return tf.tidy(() => {
    const total = alongArgument(who, 'dynamics', costToGo, recordedDraw(who, 'policy', policy(states), actions));
    return weights === undefined ? total : tf.mul(total, weights);
  });
}
