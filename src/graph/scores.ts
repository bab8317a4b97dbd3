/** Derivatives that draws hide: a value that was drawn is a constant, but its distribution moves with what lies upstream. */
import * as tf from '@tensorflow/tfjs-core';
import {sameShape, type Shape} from '../util/shapes.js';
import {detach} from '../math/stopGradient.js';
import type {CostSet} from './costSet.js';
import {influencedNodes, type Influenced} from './influence.js';
import type {NodeLink} from './stochasticTensor.js';
import type {TapeRecord} from './tape.js';

/** A node below another, whose draw hides a derivative. */
export interface DrawBelow {
  /** The costs that it bears on. */
  readonly costs: CostSet;
  readonly logProb: tf.Tensor;
}

/** The draws below `link`. */
export function drawsBelow(tape: readonly TapeRecord[], influenced: readonly Influenced[], link: NodeLink): DrawBelow[] {
  return nodesBelow(tape, influenced, link).map(node => ({costs: node.costs, logProb: node.link.term!.view.logProb()})); // those below have terms
}

/**
 * The costs as they are, each times exp(Σ log p − ⊥Σ log p) = 1 over the draws between `link` and the cost (the MagicBox of Foerster et al. 2018, section 3.3): the
 * derivative in the value of `link` is then, on average over those draws, that of the expected cost.
 */
export function withScores(costs: readonly tf.Tensor[], below: readonly DrawBelow[]): tf.Tensor[] {
  return costs.map((cost, i) => below
      .filter(draw => draw.costs.has(i))
      .map(({logProb}) => sumTo(cost.shape, logProb))
      .reduce((product, logProb) => tf.mul(product, box(logProb)), cost));
}

/**
 * Σ (exp(log p − ⊥log p) − 1) = 0 over the draws whose log-probability has the shape `shape`, those that a baseline can be subtracted from element by element: derivatives of
 * every order have mean 0, whatever the factor that no draw bears on. Null where there are none.
 */
export function nullScores(below: readonly DrawBelow[], shape: Shape): tf.Tensor | null {
  const terms = below.filter(({logProb}) => sameShape(logProb.shape, shape)).map(({logProb}) => tf.sub(box(logProb), 1));
  return terms.length === 0 ? null : terms.reduce((a, b) => tf.add(a, b));
}

/** exp(l − ⊥l): 1, with the derivatives of every order that e^l has over its value. */
export function box(logProb: tf.Tensor): tf.Tensor {
  return tf.exp(tf.sub(logProb, detach(logProb)));
}

/** The nodes with a surrogate term whose parameters depend on the value of `link`. */
export function nodesBelow(tape: readonly TapeRecord[], influenced: readonly Influenced[], link: NodeLink): Influenced[] {
  const others = influenced.filter(node => node.link !== link && node.link.term !== null);
  const parents = others.flatMap((node, of) => node.link.parents.map(tensor => ({tensor, of})));
  if (parents.length === 0) return [];
  const reached = influencedNodes(tape, parents.map(({tensor}) => tensor)).find(found => found.link === link)?.costs;
  const below = new Set(parents.flatMap(({of}, i) => (reached?.has(i) === true ? [of] : [])));
  return others.filter((_, of) => below.has(of));
}

/** The sum over the axes that `shape` lacks or has of size 1: every draw along them bears on the cost. */
export function sumTo(shape: Shape, logProb: tf.Tensor): tf.Tensor {
  const extra = Math.max(0, logProb.rank - shape.length);
  const summed = extra === 0 ? logProb : tf.sum(logProb, Array.from({length: extra}, (_, i) => i));
  const behind = shape.length - summed.rank;
  const axes = summed.shape.flatMap((d, i) => (d !== 1 && shape[behind + i] === 1 ? [i] : []));
  return axes.length === 0 ? summed : tf.sum(summed, axes, true);
}
