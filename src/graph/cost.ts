/** Costs that tfjs did not compute: a reward from a simulator, a number from a person. */
import * as tf from '@tensorflow/tfjs-core';
import {check, fail} from '../util/errors.js';
import {checkBoolean, checkKeys, checkFunction, checkText} from '../util/options.js';
import {floatTensor, hostNumbers} from '../util/numbers.js';
import {isPromise, isTensor} from '../util/tensors.js';
import {detach} from '../math/stopGradient.js';
import {behind, depend, readDependsOn, alongLead, leadIn, type DependsOn, type JudgeOpenCosts} from './dependsOn.js';
import {linkOf} from './nodeLink.js';
import {noteSources, warnOfUndrawn} from './undrawn.js';
import {warnOfUncarried} from './uncarried.js';
import type {StochasticTensor} from './stochasticTensor.js';

/** What `cost` hangs on, and who hears of a promise that fails. */
export interface CostOptions {
  /** What the cost depends on: the last state of a simulator and the last action, say. */
  dependsOn: DependsOn;
  /** For error messages. */
  name?: string;
  /**
   * Of a cost that is a promise: told of a rejection or of a value that is no cost, where otherwise the next step with
   * such a cost throws.
   */
  onError?: (error: Error) => void;
  /**
   * Says that no node that was drawn before those in `dependsOn` bears on the cost, where a warning asks whether one
   * does. Default false.
   */
  only?: boolean;
}

const names = new WeakMap<tf.Tensor, string>();

/**
 * A cost from outside as part of the graph: a constant tensor of shape `[sample…, batch…]` (or [] for one cost of
 * everything) that lies downstream of the nodes in `dependsOn`. It may be scaled, averaged or added to other costs like
 * any tensor.
 *
 * A promise of a cost (from a worker, a server, a person; anything with a `then`) is not waited for: of the nodes in
 * `dependsOn`, in whatever order, the critic of the one made last that has a critic stands in for it with what it
 * expects given the values of all of them, and learns from the cost when it arrives, in whichever step that is. Its
 * value must have the shape of that node's log-probability or [].
 * @throws if a value is not finite, `dependsOn` names no node or one of a gradient scope that is over, or a promise
 * depends on no node with a critic inside a gradient scope.
 * @example
 * ```ts
 * const logits = tf.variable(tf.zeros([2]));
 * const {value} = st.variableGrads(() => {
 *   const b = new st.DistributionTensor(new st.Bernoulli({logits}), {estimator: 'scoreFunction'});
 *   return st.cost([1, 3], {dependsOn: b, name: 'reward'}); // from a simulator, say
 * }, [logits]);
 * value; // 2
 * ```
 */
export function cost(
  value: tf.Tensor | tf.TensorLike | PromiseLike<tf.Tensor | tf.TensorLike>,
  options: CostOptions,
): tf.Tensor {
  check(
    options !== undefined,
    'cost',
    'the random nodes that the cost depends on are missing: write st.cost(value, {dependsOn: nodes})',
  );
  checkKeys('cost', options, ['dependsOn', 'name', 'onError', 'only']);
  if (options.name !== undefined) checkText('cost', 'name', options.name);
  const who = options.name === undefined ? 'cost' : `cost ${JSON.stringify(options.name)}`;
  const {dependsOn, onError, only = false} = options;
  if (onError !== undefined) checkFunction(who, 'onError', onError);
  checkBoolean(who, 'only', only);
  const {nodes, tensors} = readDependsOn(who, dependsOn);
  const own = isPromise(value) ? standIn(who, value, nodes, options) : toConstant(who, value);
  const result = behindTensors(who, own, tensors);
  noteSources(result, {nodes, tensors});
  depend(result, nodes, result.rank, only ? null : judgeAll);
  if (options.name !== undefined) names.set(result, options.name);
  return result;
}

/** What is said of the costs from outside of a step. */
const judgeAll: JudgeOpenCosts = (met, influenced) => {
  warnOfUndrawn(met, influenced, nameOfCost);
  warnOfUncarried(met, influenced, nameOfCost);
};

/** `cost`, which is disposed, as a tensor that the tape knows to lie downstream of `tensors`, without a derivative. */
function behindTensors(who: string, cost: tf.Tensor, tensors: readonly tf.Tensor[]): tf.Tensor {
  const sources = tensors.map(tensor => {
    const lead = tensor.isDisposed ? null : leadIn(tensor, cost.shape);
    if (lead !== null) return () => alongLead(tensor, lead, cost.shape);
    const shape = cost.shape.join(',');
    const short = cost.shape.slice(0, -1);
    const hasSpare =
      cost.rank > 1 && cost.shape[cost.rank - 1] === 1 && !tensor.isDisposed && leadIn(tensor, short) !== null;
    cost.dispose();
    if (hasSpare) fail(who, `the cost has an axis too many: give [${short.join(',')}] in place of [${shape}]`);
    return fail(
      who,
      `a tensor in dependsOn must be alive and have the cost's axes in front, [${shape}], or 1 where it serves all`,
      tensor,
    );
  });
  return behind(cost, sources);
}

/** What the critic of the node that was made last and has one expects of a cost that is still to come. */
function standIn(
  who: string,
  given: PromiseLike<tf.Tensor | tf.TensorLike>,
  nodes: readonly StochasticTensor[],
  {name, onError}: CostOptions,
): tf.Tensor {
  const outcome = Promise.resolve(given);
  outcome.catch(() => undefined); // whoever stands in reports it
  // as they were made
  const links = [...new Set(nodes)].map(node => linkOf(who, node)).sort((a, b) => a.node.value.id - b.node.value.id);
  const host = [...links].reverse().find(({term}) => term?.estimator.standIn !== undefined);
  check(
    host !== undefined,
    who,
    'a promise needs something that stands in for it: a node with a critic in dependsOn, inside a gradient ' +
      'scope; got nodes ' +
      nodes.map(node => JSON.stringify(node.name)).join(', '),
  );
  const {view, estimator} = host.term!; // found by it
  const besides = links.filter(link => link !== host && link.place >= 0).map(({node}) => node);
  return tf.tidy(() =>
    detach(estimator.standIn!(view, {who, name: name ?? null, outcome, besides, onError: onError ?? null})),
  );
}

/**
 * A number, an array or a tensor from outside as a new float32 constant. Throws in the name of `who` for anything else.
 */
export function toConstant(who: string, value: tf.Tensor | tf.TensorLike): tf.Tensor {
  return tf.tidy(() => {
    if (!isTensor(value)) checkFinite(who, value);
    const constant = detach(floatTensor(who, 'the value', value));
    check(constant.size > 0, who, 'the value must have at least one number', constant);
    return constant;
  });
}

/** Numbers from outside are checked; a tensor is not read back from its device. */
function checkFinite(who: string, value: tf.TensorLike): void {
  hostNumbers(who, 'the value', value).values.forEach(x =>
    check(Number.isFinite(x), who, 'values must be finite numbers', x),
  );
}

/** What the user called an outside cost; null for any other tensor. */
export function nameOfCost(tensor: tf.Tensor): string | null {
  return names.get(tensor) ?? null;
}
