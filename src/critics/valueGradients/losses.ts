/** What models and values are fitted with, and weights of examples from other policies. */
import * as tf from '@tensorflow/tfjs-core';
import {check} from '../../util/errors.js';
import {checkKeys} from '../../util/options.js';
import {isTensor} from '../../util/tensors.js';
import {positive} from '../../constraints/numberSets.js';
import {checkNumber} from '../../constraints/check.js';
import {detach} from '../../math/stopGradient.js';
import {checkKey, type Key} from '../../keys/key.js';
import {
  checkDistribution,
  type ActionValue,
  type ControlPolicy,
  type Prediction,
  type StateValue,
} from './predictions.js';
import {
  checkBootstrap,
  checkFunctions,
  checkResult,
  checkTransitions,
  type Bootstrapped,
  type Transitions,
} from './transitions.js';

/** The value that is fitted, and the record that it is fitted to. */
export interface ValueLossConfig extends Bootstrapped {
  /** V(s), [batch…]: its variables get the gradient. */
  value: StateValue;
  /** V of the next states, held constant: a target network's `call`. Default `value`. */
  targetValue?: StateValue;
  /** Recorded states, next states and costs. */
  transitions: Pick<Transitions, 'states' | 'nextStates' | 'costs'>;
}

/**
 * ½ w (V(s) − c − γ V̄(s′))², [batch…], the target held constant: temporal differences for the value of the policy that
 * acted (with `weights` that of the present one: the fitted policy evaluation of Heess et al. 2015).
 * @throws for tensors and results of wrong shapes
 */
export function valueLoss(config: ValueLossConfig): tf.Tensor {
  const who = 'valueLoss';
  checkKeys(who, config, ['value', 'targetValue', 'transitions', 'discount', 'weights']);
  const {value, targetValue = value, transitions, discount = 1, weights} = config;
  checkFunctions(who, {value, targetValue});
  const batch = checkTransitions(who, transitions, ['states', 'nextStates', 'costs']);
  checkBootstrap(who, {discount, weights}, batch);
  const {states, nextStates, costs} = transitions;
  return tf.tidy(() => {
    const next = checkResult(who, 'targetValue', targetValue(nextStates), batch);
    return halfSquare(checkResult(who, 'value', value(states), batch), tf.add(costs, tf.mul(next, discount)), weights);
  });
}

/** The action value that is fitted, the policy that it is of, and the record. */
export interface ActionValueLossConfig extends Bootstrapped {
  /** Q(s, a), [batch…]: its variables get the gradient. */
  q: ActionValue;
  /** Q of what comes next, held constant: a target network's `call`. Default `q`. */
  targetQ?: ActionValue;
  /** Chooses the next actions: drawn from its distribution, or its tensor as it is. */
  policy: ControlPolicy;
  /** Recorded states, actions, next states and costs, of any behaviour. */
  transitions: Pick<Transitions, 'states' | 'actions' | 'nextStates' | 'costs'>;
  /** Of the draws of next actions; default the next key of the default stream. */
  key?: Key;
}

/**
 * ½ w (Q(s, a) − c − γ Q̄(s′, a′))², [batch…], with a′ ~ π(s′) and the target held constant: temporal differences for
 * the value of `policy`, whichever policy acted (with deterministic actions Lillicrap et al. 2016, algorithm 1).
 * @throws for tensors and results of wrong shapes
 */
export function actionValueLoss(config: ActionValueLossConfig): tf.Tensor {
  const who = 'actionValueLoss';
  checkKeys(who, config, ['q', 'targetQ', 'policy', 'transitions', 'discount', 'weights', 'key']);
  const {q, targetQ = q, policy, transitions, discount = 1, weights, key} = config;
  checkFunctions(who, {q, targetQ, policy});
  const batch = checkTransitions(who, transitions, ['states', 'actions', 'nextStates', 'costs']);
  checkBootstrap(who, {discount, weights}, batch);
  if (key !== undefined) checkKey(who, key);
  const {states, actions, nextStates, costs} = transitions;
  return tf.tidy(() => {
    const prediction: unknown = policy(nextStates);
    const drawn = isTensor(prediction)
      ? checkResult(who, 'policy', prediction, actions.shape)
      : checkDistribution(who, 'policy', prediction, actions.shape)
          .broadcastBatch(batch)
          .sample([], key === undefined ? {} : {key});
    const next = checkResult(who, 'targetQ', targetQ(nextStates, drawn), batch);
    return halfSquare(checkResult(who, 'q', q(states, actions), batch), tf.add(costs, tf.mul(next, discount)), weights);
  });
}

/** The model that is fitted, and the steps that it is fitted to. */
export interface DynamicsLossConfig {
  /** f(s, a), a model of the next state. */
  dynamics: (states: tf.Tensor, actions: tf.Tensor) => Prediction;
  /** Recorded states, actions and next states. */
  transitions: Pick<Transitions, 'states' | 'actions' | 'nextStates'>;
}

/**
 * −ln p(s′ | s, a), [batch…], for maximum likelihood; for a model that gives tensors ½ |s′ − f(s, a)|², which is the
 * same for normal noise of scale 1 but for a constant.
 * @throws for tensors and results of wrong shapes
 */
export function dynamicsLoss(config: DynamicsLossConfig): tf.Tensor {
  const who = 'dynamicsLoss';
  checkKeys(who, config, ['dynamics', 'transitions']);
  const {dynamics, transitions} = config;
  checkFunctions(who, {dynamics});
  checkTransitions(who, transitions, ['states', 'actions', 'nextStates']);
  const {states, actions, nextStates} = transitions;
  return tf.tidy(() => {
    const prediction: unknown = dynamics(states, actions);
    if (!isTensor(prediction))
      return tf.neg(checkDistribution(who, 'dynamics', prediction, nextStates.shape).logProb(nextStates));
    return tf.mul(
      tf.sum(tf.square(tf.sub(nextStates, checkResult(who, 'dynamics', prediction, nextStates.shape))), -1),
      0.5,
    );
  });
}

/** The policy that is asked about, and the record of another. */
export interface ImportanceWeightsConfig {
  /** π(s): a distribution of actions, as it is now. */
  policy: ControlPolicy;
  /** Recorded states and actions, with the log-densities under which the actions were drawn, [batch…]. */
  transitions: Pick<Transitions, 'states' | 'actions' | 'logProbs'>;
  /** Greater weights are cut to this, which bounds the variance and biases. Default: none is cut. */
  maxWeight?: number;
}

/** ln of the greatest weight that float32 holds with room to spare. */
const MOST = 80;

/**
 * min(π(a | s) / b(a | s), maxWeight), [batch…], constants, for actions that were drawn with density b: what makes the
 * mean over recorded actions one over those of `policy` (Heess et al. 2015, algorithm 2). The states stay those of the
 * record.
 * @throws for tensors and results of wrong shapes, and for a policy that gives tensors
 */
export function importanceWeights(config: ImportanceWeightsConfig): tf.Tensor {
  const who = 'importanceWeights';
  checkKeys(who, config, ['policy', 'transitions', 'maxWeight']);
  const {policy, transitions, maxWeight = Infinity} = config;
  checkFunctions(who, {policy});
  if (maxWeight !== Infinity) checkNumber(who, 'maxWeight', maxWeight, positive);
  checkTransitions(who, transitions, ['states', 'actions', 'logProbs']);
  const {states, actions, logProbs} = transitions;
  return tf.tidy(() => {
    const prediction: unknown = policy(states);
    check(!isTensor(prediction), who, 'policy must return a distribution', prediction);
    const logProb = checkDistribution(who, 'policy', prediction, actions.shape).logProb(actions);
    return detach(tf.exp(tf.minimum(tf.sub(logProb, logProbs), Math.min(Math.log(maxWeight), MOST))));
  });
}

function halfSquare(prediction: tf.Tensor, target: tf.Tensor, weights: tf.Tensor | undefined): tf.Tensor {
  const loss = tf.mul(tf.square(tf.sub(prediction, detach(target))), 0.5);
  return weights === undefined ? loss : tf.mul(loss, weights);
}
