/** The surrogate loss: an ordinary tensor whose ordinary gradient is the estimate of a stochastic graph's gradient. */
import * as tf from '@tensorflow/tfjs-core';
import {check, checkKeys, fail} from '../util/errors.js';
import {broadcastShapes, sizeOf, tryBroadcast, type Shape} from '../util/shapes.js';
import {constants, detach} from '../math/stopGradient.js';
import {sumOf} from '../math/sumOf.js';
import {checkGradientsRegistered, ensureKernels} from '../kernels/index.js';
import {alignCosts, averageTo} from './alignCost.js';
import type {CostSet} from './costSet.js';
import {DownstreamSums} from './downstream.js';
import type {NodeView, Objective} from './estimator.js';
import {influencedNodes, type Influenced} from './influence.js';
import {objectiveGradients} from './objectives.js';
import {linkOf, type NodeLink, type StochasticTensor} from './stochasticTensor.js';
import {readTape} from './tape.js';

export interface SurrogateLossOptions {
  /** The nodes to take surrogate terms from. Default: every node upstream of a cost. */
  stochasticTensors?: readonly StochasticTensor[];
}

/** What nodes add to a surrogate loss. */
export interface Surrogate {
  /** One for each node: the gradient of the sum of their means is the score-function part of the estimate. */
  readonly terms: readonly tf.Tensor[];
  /** What the estimators' own variables minimise. */
  readonly objectives: readonly Objective[];
}

/**
 * The surrogate loss of Schulman et al. 2015 (corollary of Theorem 1): Σ_c c + Σ_w (surrogate term of w for the sum of the costs downstream
 * of w), where the term of a score-function node is log p(w)·(Q̂_w − baseline) with Q̂_w held constant.
 *
 * Must be called inside a gradient scope, where the costs were computed. The gradient of the mean of the result is an estimate of the
 * gradient of the mean of the summed costs; the value itself has no meaning. Estimators' own variables (learned baselines, control
 * variates) get their gradients too, if they are among the scope's variables.
 *
 * @param costs a cost or a list of costs, each of shape `[sample…, batch…]`
 * @returns a tensor of the shape to which the costs broadcast
 * @throws outside a gradient scope; for a cost that is no float tensor; for a scalar cost downstream of a node with several draws: take the
 *     mean of the result, not of the costs
 */
export function surrogateLoss(costs: tf.Tensor | readonly tf.Tensor[], options: SurrogateLossOptions = {}): tf.Tensor {
  const who = 'surrogateLoss';
  const list = checkCosts(who, costs);
  checkKeys(who, options, ['stochasticTensors']);
  const chosen = options.stochasticTensors;
  check(chosen === undefined || Array.isArray(chosen), who, 'stochasticTensors must be a list of nodes', chosen);
  const only = chosen?.map(node => linkOf(`${who}: stochasticTensors`, node));
  ensureKernels();
  checkGradientsRegistered();
  return tf.tidy(() => {
    const influenced = influencedNodes(readTape(who), list);
    refuseScalars(who, list, only === undefined ? influenced : influenced.filter(({link}) => only.includes(link)));
    const {terms, objectives} = buildSurrogate(list, influenced, only);
    const shape = broadcastShapes(who, list.map(c => c.shape));
    const loss = addAll(shape, [...list, ...terms.map(term => averageTo(shape, term))]);
    return addOwnGradients(loss, objectives);
  });
}

/** Reads the costs and checks them. */
export function checkCosts(who: string, costs: unknown): tf.Tensor[] {
  const list: unknown[] = Array.isArray(costs) ? costs : [costs];
  check(list.length > 0, who, 'needs at least one cost, got an empty list');
  list.forEach((c, i) => {
    check(c instanceof tf.Tensor, who, `cost ${i} must be a tensor`, c);
    check(c.dtype === 'float32', who, `cost ${i} must be a float32 tensor`, c);
    check(!c.isDisposed, who, `cost ${i} must be alive, got a tensor that is disposed; return it from its tf.tidy`);
  });
  const tensors = list as tf.Tensor[]; // checked one by one just above
  check(tryBroadcast(tensors.map(c => c.shape)) !== null, who, 'the costs must broadcast to one shape', tensors.map(c => c.shape));
  return tensors;
}

/** A mean taken too early mixes every example's cost into every example's gradient: right on average, useless in practice. */
function refuseScalars(who: string, costs: readonly tf.Tensor[], influenced: readonly Influenced[]): void {
  costs.forEach((c, i) => {
    if (c.rank > 0) return;
    const victim = influenced.find(({link, costs: set}) => link.term !== null && set.has(i) && sizeOf(link.term.view.shape) > 1);
    if (victim === undefined) return;
    const {name, shape} = victim.link.term!.view;
    fail(who, `cost ${i} needs its batch axis, because node ${JSON.stringify(name)} has log-probabilities of shape [${shape.join(',')}]; ` +
        'give the cost of each example and take the mean of the result, got a scalar');
  });
}

/** The surrogate terms of all influenced nodes. `credits` are the tensors that the sets of `influenced` index. */
export function buildSurrogate(credits: readonly tf.Tensor[], influenced: readonly Influenced[], only?: readonly NodeLink[]): Surrogate {
  const chosen = influenced.flatMap(({link, costs}) => {
    const counts = link.term !== null && link.parents.length > 0 && (only === undefined || only.includes(link));
    return counts ? [{...link.term, costs}] : [];
  });
  const downstream = downstreamCosts(credits, chosen);
  const terms: tf.Tensor[] = [];
  const objectives: Objective[] = [];
  try {
    chosen.forEach(({view, estimator}, i) => {
      const {surrogate, objective} = estimator.combine(view, downstream[i]!);
      check(tryBroadcast([surrogate.shape, view.shape])?.length === view.shape.length, `estimator ${JSON.stringify(estimator.name)}`,
          `its surrogate term must broadcast to the node's shape [${view.shape.join(',')}]`, surrogate);
      terms.push(surrogate);
      if (objective !== undefined) objectives.push(objective);
    });
  } finally {
    tf.dispose(downstream);
  }
  return {terms, objectives};
}

/** For each node the sum of the costs downstream of it, aligned with its shape and held constant. */
function downstreamCosts(credits: readonly tf.Tensor[], nodes: ReadonlyArray<{view: NodeView; costs: CostSet}>): tf.Tensor[] {
  const given = new Set(credits);
  const sums = new DownstreamSums(credits);
  return constants(() => nodes.map(({view, costs}) => {
    const sum = alignCosts(view, sums.of(costs));
    return given.has(sum) || nodes.length > 1 ? tf.clone(sum) : sum; // the costs are the user's, and nodes may share a sum
  }));
}

/** The sum of tensors that broadcast to `shape`. */
function addAll(shape: Shape, tensors: readonly tf.Tensor[]): tf.Tensor {
  const sum = sumsByShape(tensors).reduce((a, b) => tf.add(a, b));
  return sum.shape.length === shape.length && sum.size === sizeOf(shape) ? sum : tf.broadcastTo(sum, shape);
}

/** The sum of the means of tensors of any shapes, with one mean for each distinct shape. */
export function sumOfMeans(tensors: readonly tf.Tensor[]): tf.Scalar {
  const means = sumsByShape(tensors).map(sum => (sum.rank === 0 ? sum : tf.mean(sum)));
  return means.reduce((a, b) => tf.add(a, b)) as tf.Scalar; // each is a scalar
}

/** For each distinct shape the sum of the tensors that have it. */
function sumsByShape(tensors: readonly tf.Tensor[]): tf.Tensor[] {
  const groups = new Map<string, tf.Tensor[]>();
  for (const t of tensors) {
    const key = t.shape.join(',');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [t]);
    else group.push(t);
  }
  return [...groups.values()].map(sumOf);
}

/** Gives own variables their gradients through terms that are linear in them, so that no other variable feels the objectives. */
function addOwnGradients(loss: tf.Tensor, objectives: readonly Objective[]): tf.Tensor {
  const own = objectiveGradients(objectives);
  return own.reduce<tf.Tensor>((sum, {variable, gradient}) => tf.add(sum, tf.sum(tf.mul(variable, detach(gradient)))), loss);
}
