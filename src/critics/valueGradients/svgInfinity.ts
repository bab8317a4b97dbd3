/** Value gradients through whole trajectories. */
import * as tf from '@tensorflow/tfjs-core';
import {checkKeys} from '../../util/options.js';
import {unitInterval} from '../../constraints/numberSets.js';
import {checkNumber} from '../../constraints/check.js';
import {detach} from '../../math/stopGradient.js';
import {attach} from '../../graph/attach.js';
import {valueAndGradients} from './alongArgument.js';
import {recordedDraw, type Prediction, type StateValue} from './predictions.js';
import {checkFunctions, checkResult, checkTrajectory, type Trajectory} from './transitions.js';

/** The model, the costs of each time, and the policy that is improved through whole trajectories. */
export interface SvgInfinityConfig {
  /** f(s, a) at time t: what state follows. */
  dynamics: (states: tf.Tensor, actions: tf.Tensor, t: number) => Prediction;
  /** π(s) at time t. */
  policy: (states: tf.Tensor, t: number) => Prediction;
  /** c(s, a) at time t, [batch…]. */
  cost: (states: tf.Tensor, actions: tf.Tensor, t: number) => tf.Tensor;
  /** What was recorded, time first: one state more than actions. */
  trajectory: Trajectory;
  /** Of the last state, [batch…]: a known cost, or a learned value of what comes after. Default none. */
  terminalCost?: StateValue;
  /** γ, in [0, 1]; default 1. */
  discount?: number;
}

/**
 * SVG(∞): Σ_t γ^t c(s_t, a_t) + γ^T C(s_T) of recorded trajectories, [batch…], with a_t = π(s_t, η_t) and s_{t+1} =
 * f(s_t, a_t, ζ_t). All noise is inferred from the record, so that the derivatives are taken along the path that the
 * real system went, whatever the model would have foretold; they pass back through model and policy to each action (the
 * recursion of v_s and v_θ). Minimise it over the policy's variables; those of `dynamics` and the costs are held
 * constant. With the exact model and trajectories of the present policy, the derivative is the pathwise one, unbiased.
 *
 * Source: Heess et al. 2015, "Learning continuous control policies by stochastic value gradients", algorithm 1 (rewards
 * there, costs here).
 * @throws for tensors and results of wrong shapes
 */
export function svgInfinity(config: SvgInfinityConfig): tf.Tensor {
  const who = 'svgInfinity';
  checkKeys(who, config, ['dynamics', 'policy', 'cost', 'trajectory', 'terminalCost', 'discount']);
  const {dynamics, policy, cost, trajectory, terminalCost, discount = 1} = config;
  checkFunctions(who, {dynamics, policy, cost, ...(terminalCost === undefined ? {} : {terminalCost})});
  checkNumber(who, 'discount', discount, unitInterval);
  const {steps, batch} = checkTrajectory(who, trajectory);
  return tf.tidy(() => {
    const states = tf.unstack(detach(trajectory.states));
    const actions = tf.unstack(detach(trajectory.actions));
    const actionAt = (s: tf.Tensor, t: number): tf.Tensor => recordedDraw(who, 'policy', policy(s, t), actions[t]!);
    // What is added to each action: the slopes of the total along these are those along the actions, through all that
    // follows from them.
    const nudges = actions.map(a => detach(tf.zerosLike(a)));
    const total = (): tf.Tensor => {
      let s = states[0]!;
      let [sum, factor] = [tf.zeros(batch), 1];
      for (let t = 0; t < steps; t++) {
        const a = tf.add(actionAt(s, t), nudges[t]!);
        sum = tf.add(sum, tf.mul(checkResult(who, 'cost', cost(s, a, t), batch), factor));
        s = recordedDraw(who, 'dynamics', dynamics(s, a, t), states[t + 1]!);
        factor *= discount;
      }
      return terminalCost === undefined
        ? sum
        : tf.add(sum, tf.mul(checkResult(who, 'terminalCost', terminalCost(s), batch), factor));
    };
    const {value, grads} = valueAndGradients(total, nudges);
    const terms = grads
      .map((slope, t) => (slope == null ? null : tf.sum(tf.mul(detach(slope), actionAt(states[t]!, t)), -1)))
      .filter(term => term !== null);
    return terms.reduce<tf.Tensor>((sum, term) => attach(sum, term), detach(value));
  });
}
