/** Value gradients of a learned action value. */
import * as tf from '@tensorflow/tfjs-core';
import {checkKeys} from '../../util/options.js';
import {alongArgument} from './alongArgument.js';
import {recordedDraw, type ActionValue, type ControlPolicy} from './predictions.js';
import {checkFunctions, checkTransitions, checkWeights, type Transitions} from './transitions.js';

/** The policy that is improved, the action value that judges it, and the record. */
export interface Svg0Config {
  /** π(s): a distribution of vectors [batch…, m], reparameterised, or a tensor. */
  policy: ControlPolicy;
  /** Q(s, a), [batch…]; its own variables get no gradient. */
  q: ActionValue;
  /** Recorded states [batch…, n] and actions [batch…, m], of any behaviour. */
  transitions: Pick<Transitions, 'states' | 'actions'>;
  /** A factor of each example, such as `importanceWeights` gives. */
  weights?: tf.Tensor;
}

/**
 * SVG(0): Q(s, π(s, η)), [batch…], whose derivative is ∂Q/∂a · ∂π(s, η)/∂θ at the recorded action, with the policy's
 * noise η inferred from it. Minimise it over the policy's variables; those of `q` are held constant.
 *
 * Source: Heess et al. 2015, "Learning continuous control policies by stochastic value gradients", their variant
 * without a model (rewards there, costs here).
 * @throws for tensors and results of wrong shapes, and if `q` has no derivative along the action
 */
export function svg0(config: Svg0Config): tf.Tensor {
  const who = 'svg0';
  checkKeys(who, config, ['policy', 'q', 'transitions', 'weights']);
  const {policy, q, transitions, weights} = config;
  checkFunctions(who, {policy, q});
  const batch = checkTransitions(who, transitions, ['states', 'actions']);
  checkWeights(who, weights, batch);
  const {states, actions} = transitions;
  return tf.tidy(() => {
    const cost = alongArgument(who, 'q', a => q(states, a), recordedDraw(who, 'policy', policy(states), actions));
    return weights === undefined ? cost : tf.mul(cost, weights);
  });
}
