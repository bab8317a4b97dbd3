/** The multi-sample bounds downstream of a node, for estimators that know how its samples bear on them. */
import * as tf from '@tensorflow/tfjs-core';
import {check} from '../util/errors.js';
import type {Shape} from '../util/shapes.js';
import {derivatives, isUpstream} from '../math/derivatives.js';
import {detach} from '../math/stopGradient.js';
import {boundMadeOf, normalizedWeights} from './multiSampleBound.js';
import type {NodeView} from './nodeView.js';
import type {BoundBelow} from './inquiry.js';
import {influencedNodes} from './influence.js';
import type {NodeLink} from './nodeLink.js';
import {readTape} from './tape.js';

/** The bounds over the node's own samples among all that lie downstream of it. */
export function boundsOver(link: NodeLink, view: NodeView): tf.Tensor[] {
  const tape = readTape('bounds');
  const shape = splitShape(view);
  const bounds = tape.flatMap(({outputs}) =>
    outputs.filter(output => {
      const over = boundMadeOf(output)?.logWeights.shape;
      return over !== undefined && over.length === shape.length && over[0] === shape[0];
    }),
  );
  if (bounds.length === 0) return [];
  const set = influencedNodes(tape, bounds).find(found => found.link === link)?.costs;
  return set === undefined ? [] : bounds.filter((_, i) => set.has(i));
}

interface Below {
  /** The cost downstream of the node, connected. */
  readonly cost: tf.Tensor;
  /** The part of it from costs that keep the node's sample axis. */
  readonly perSample: tf.Tensor | null;
  /** What the node gave out as its log-density with the parameters held constant. */
  readonly logProbs: readonly tf.Tensor[];
}

/**
 * What an estimator may ask about those bounds.
 * @throws in the name of `who` if `perSample` holds a bound: such a cost has a share of all samples in each of its
 * elements
 */
export function boundsBelow(
  who: string,
  link: NodeLink,
  view: NodeView,
  {cost, perSample, logProbs}: Below,
): BoundBelow[] {
  return boundsOver(link, view)
    .filter(bound => isUpstream(bound, cost))
    .map(bound => {
      check(
        perSample === null || !isUpstream(bound, perSample),
        who,
        'a cost that keeps the sample axis holds a multi-sample bound over it; give the bound as a cost of its ' +
          'own, of shape [batch…]',
      );
      const {logWeights, isMean} = boundMadeOf(bound)!; // that made it a bound
      const slope = derivatives(cost, [bound])[0]!;
      const logProbSlope = jacobianRowSums(logWeights, logProbs);
      return {
        logWeights: detach(logWeights),
        isMean,
        weights: isMean ? tf.fill([...logWeights.shape], 1 / logWeights.shape[0]) : normalizedWeights(logWeights),
        slope: detach(slope),
        logProbSlope: detach(logProbSlope),
        isLinear: isConstantIn(link, [slope, logProbSlope]),
        gradient: factors => detach(derivatives(tf.mul(logWeights, factors), [link.node.value])[0]!),
      } satisfies BoundBelow;
    });
}

/** Whether the draw of `link` bears on `costs` through those bounds only. */
export function boundsSuffice(link: NodeLink, view: NodeView, costs: readonly tf.Tensor[]): boolean {
  const bounds = new Set(boundsOver(link, view));
  const cut = readTape('bounds').filter(({outputs}) => !outputs.some(output => bounds.has(output)));
  return !influencedNodes(cut, costs).some(found => found.link === link);
}

/** Whether the draw of `link` has no part in any of `tensors`. */
export function isConstantIn(link: NodeLink, tensors: readonly tf.Tensor[]): boolean {
  return !influencedNodes(readTape('estimator'), tensors).some(found => found.link === link);
}

/** Σ_x ∂y/∂x for each element of y: two passes backwards make one forwards. */
function jacobianRowSums(y: tf.Tensor, xs: readonly tf.Tensor[]): tf.Tensor {
  if (xs.length === 0) return tf.zeros(y.shape);
  const seed = tf.ones(y.shape);
  const pulled = derivatives(tf.mul(y, seed), xs)
    .map(t => tf.sum(t))
    .reduce((a, b) => tf.add(a, b));
  return derivatives(pulled, [seed])[0]!;
}

/** The node's shape with the sample axis split off where it was merged into the batch. */
export function splitShape({shape, samples, distribution}: NodeView): Shape {
  const merged = samples > 1 && shape.length === distribution.batchShape.length;
  return merged ? [samples, shape[0]! / samples, ...shape.slice(1)] : shape;
}
