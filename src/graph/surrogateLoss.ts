/** The surrogate loss: an ordinary tensor whose ordinary gradient is the estimate of a stochastic graph's gradient. */
import * as tf from '@tensorflow/tfjs-core';
import {check, fail} from '../util/errors.js';
import {checkKeys} from '../util/options.js';
import {sizeOf, tryBroadcast, type Shape} from '../util/shapes.js';
import {isListOf} from '../util/tensors.js';
import {detach} from '../math/stopGradient.js';
import {sumOf} from '../math/sumOf.js';
import {checkGradientsRegistered, ensureKernels} from '../kernels/index.js';
import {checkCosts} from './checkCosts.js';
import type {Objective} from './estimator.js';
import {OpenCosts} from './dependsOn.js';
import {influencedNodes, type Influenced} from './influence.js';
import {objectiveGradients} from './ownGradients.js';
import {currentRun} from './run.js';
import {linkOf, serve} from './nodeLink.js';
import type {StochasticTensor} from './stochasticTensor.js';
import {readTape} from './tape.js';
import {surrogateTerms} from './terms.js';
import {weightCosts, weightedNodes} from './weights.js';

/** Which random nodes count. */
export interface SurrogateLossOptions {
  /** The nodes to take surrogate terms from. Default: every node upstream of a cost. */
  stochasticTensors?: readonly StochasticTensor[];
}

/**
 * The surrogate loss of Schulman et al. 2015 (corollary of Theorem 1): Σ_c c + Σ_w (surrogate term of w for the sum of
 * the costs downstream of w), where the term of a score-function node is log p(w)·(Q̂_w − baseline) with Q̂_w held
 * constant.
 *
 * Must be called inside a gradient scope, where the costs were computed. The gradient of the mean of the result is an
 * estimate of the gradient of the mean of the summed costs; the value itself has no meaning. Estimators' own variables
 * (learned baselines, control variates) get their gradients too, if they are among the scope's variables.
 *
 * @param costs a cost or a list of costs, each of shape `[sample…, batch…]`
 * @returns a tensor of the shape to which the costs broadcast; where they do not, as those of two plates of different
 * lengths, the sum of their means, a scalar
 * @throws outside a gradient scope; for an estimator that must see the cost at other values (give the costs to
 * `variableGrads` as a function); for a cost that is no float tensor; for a scalar cost downstream of a node with
 * several draws: take the mean of the result, not of the costs
 * @example
 * ```ts
 * const loc = tf.variable(tf.scalar(3));
 * const {grads} = tf.variableGrads(() => {
 *   const z = new st.DistributionTensor(new st.Normal({loc, scale: 1}), {estimator: 'pathwise'});
 *   return tf.mean(st.surrogateLoss([tf.mul(z.value, 2)]));
 * }, [loc]);
 * grads[loc.name]; // 2
 * ```
 */
export function surrogateLoss(costs: tf.Tensor | readonly tf.Tensor[], options: SurrogateLossOptions = {}): tf.Tensor {
  const who = 'surrogateLoss';
  const list = checkCosts(who, costs);
  checkKeys(who, options, ['stochasticTensors']);
  const chosen = options.stochasticTensors;
  check(
    chosen === undefined || isListOf(chosen, (x): x is StochasticTensor => x !== undefined),
    who,
    'stochasticTensors must be a list of nodes',
    chosen,
  );
  const only = chosen?.map(node => linkOf(`${who}: stochasticTensors`, node));
  ensureKernels();
  checkGradientsRegistered();
  return tf.tidy(() => {
    const open = new OpenCosts();
    const influenced = influencedNodes(readTape(who), list, open);
    open.judge(influenced, Infinity);
    serve(influenced.map(({link}) => link));
    refuseScalars(who, list, only === undefined ? influenced : influenced.filter(({link}) => only.includes(link)));
    const {terms, objectives} = surrogateTerms({credits: list, influenced, only});
    const own = (): Objective[] => [...objectives, ...(currentRun()?.takeObjectives() ?? [])];
    const weighted = weightCosts(list, weightedNodes(influenced));
    const shape = tryBroadcast(weighted.map(c => c.shape));
    if (shape === null)
      return addOwnGradients(sumOfMeans([...weighted, ...terms.map(({surrogate}) => surrogate)]), own());
    const loss = addAll(shape, [...weighted, ...terms.map(({surrogate}) => averageTo(shape, surrogate))]);
    return addOwnGradients(loss, own());
  });
}

/**
 * A mean taken too early mixes every example's cost into every example's gradient: right on average, useless in
 * practice.
 */
function refuseScalars(who: string, costs: readonly tf.Tensor[], influenced: readonly Influenced[]): void {
  costs.forEach((c, i) => {
    if (c.rank > 0) return;
    const victim = influenced.find(
      ({link, costs: set}) => link.term !== null && set.has(i) && sizeOf(link.term.view.shape) > 1,
    );
    if (victim === undefined) return;
    const {name, shape} = victim.link.term!.view;
    fail(
      who,
      `cost ${i} needs its batch axis, because node ${JSON.stringify(name)} has log-probabilities of shape ` +
        `[${shape.join(',')}]; give the cost of each example and take the mean of the result, got a scalar`,
    );
  });
}

/**
 * The mean of a surrogate term over every axis that `shape` lacks or has in another size, so that it broadcasts to
 * `shape` and keeps its mean, which is all that counts.
 */
function averageTo(shape: Shape, term: tf.Tensor): tf.Tensor {
  const extra = term.rank - shape.length;
  const axes = term.shape.flatMap((d, i) => (d !== 1 && (i < extra || shape[i - extra] !== d) ? [i] : []));
  const averaged = axes.length > 0 ? tf.mean(term, axes, true) : term;
  return extra > 0 ? tf.reshape(averaged, averaged.shape.slice(extra)) : averaged;
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

/**
 * Gives own variables their gradients through terms that are linear in them, so that no other variable feels the
 * objectives.
 */
function addOwnGradients(loss: tf.Tensor, objectives: readonly Objective[]): tf.Tensor {
  const own = objectiveGradients(objectives);
  return own.reduce<tf.Tensor>(
    (sum, {variable, gradient}) => tf.add(sum, tf.sum(tf.mul(variable, detach(gradient)))),
    loss,
  );
}
