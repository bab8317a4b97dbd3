/** The deterministic policy gradient. */
import * as tf from '@tensorflow/tfjs-core';
import {check} from '../../util/errors.js';
import {checkKeys} from '../../util/options.js';
import {isTensor} from '../../util/tensors.js';
import {Distribution} from '../../distributions/distribution.js';
import {alongArgument} from './alongArgument.js';
import type {ActionValue, ControlPolicy} from './predictions.js';
import {checkFunctions, checkResult, checkTransitions} from './transitions.js';

/** The policy that is improved, the action value that judges it, and where. */
export interface DeterministicPolicyGradientConfig {
  /** μ(s), [batch…, m], or a distribution whose mean it is. */
  policy: ControlPolicy;
  /** Q(s, a), [batch…]; its own variables get no gradient. */
  q: ActionValue;
  /** [batch…, n], from any behaviour. */
  states: tf.Tensor;
}

/**
 * Q(s, μ(s)), [batch…], whose derivative is ∂Q/∂a · ∂μ(s)/∂θ at a = μ(s). Minimise it over the policy's variables;
 * those of `q` are held constant.
 *
 * Source: Silver et al. 2014, "Deterministic policy gradient algorithms", theorem 1, off-policy as in its section 4.2;
 * Lillicrap et al. 2016, algorithm 1 (rewards there, costs here).
 * @throws for tensors and results of wrong shapes, and if `q` has no derivative along the action
 */
export function deterministicPolicyGradient(config: DeterministicPolicyGradientConfig): tf.Tensor {
  const who = 'deterministicPolicyGradient';
  checkKeys(who, config, ['policy', 'q', 'states']);
  const {policy, q, states} = config;
  checkFunctions(who, {policy, q});
  const batch = checkTransitions(who, {states}, ['states']);
  return tf.tidy(() => {
    const prediction: unknown = policy(states);
    const action: unknown = prediction instanceof Distribution ? prediction.mean() : prediction;
    check(isTensor(action), who, 'policy must return a tensor or a distribution', action);
    const width = action.shape[action.rank - 1] ?? 0;
    return alongArgument(who, 'q', a => q(states, a), checkResult(who, 'policy', action, [...batch, width]));
  });
}
