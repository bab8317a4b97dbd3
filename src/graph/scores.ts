/**
 * Derivatives that draws hide: a value that was drawn is a constant, but its distribution moves with what lies
 * upstream.
 */
import * as tf from '@tensorflow/tfjs-core';
import {detach} from '../math/stopGradient.js';
import {drawsForCost, sumForDraws} from './axes/align.js';
import {isEvery} from './axes/factors.js';
import {axesFor} from './axes/reach.js';
import {headAxes, relativeAxes, sharedAxes} from './credit.js';
import {influencedNodes, type Influenced} from './influence.js';
import type {NodeLink} from './nodeLink.js';
import type {TapeRecord} from './tape.js';

/** A node below another, whose draw hides a derivative. */
export interface DrawBelow {
  readonly node: Influenced;
  readonly logProb: tf.Tensor;
}

/** The draws below `link`. */
export function drawsBelow(
  tape: readonly TapeRecord[],
  influenced: readonly Influenced[],
  link: NodeLink,
): DrawBelow[] {
  // those below have terms
  return nodesBelow(tape, influenced, link).map(node => ({node, logProb: node.link.term!.view.logProb()}));
}

/**
 * The costs as they are, each times exp(Σ log p − ⊥Σ log p) = 1 over the draws between `link` and the cost (the
 * MagicBox of Foerster et al. 2018, section 3.3): the derivative in the value of `link` is then, on average over those
 * draws, that of the expected cost.
 */
export function withScores(costs: readonly tf.Tensor[], below: readonly DrawBelow[]): tf.Tensor[] {
  return costs.map((cost, i) =>
    below
      .filter(({node}) => node.costs.has(i))
      .map(({node: {link, reaches}, logProb}) =>
        drawsForCost(link.shape, headAxes(link, axesFor(reaches, i), cost.shape), logProb, cost.shape),
      )
      .reduce((product, logProb) => tf.mul(product, box(logProb)), cost),
  );
}

/**
 * Σ (exp(log p − ⊥log p) − 1) = 0 over the draws of which there is one for each draw of `node`, those that a baseline
 * can be subtracted from element by element: derivatives of every order have mean 0, whatever the factor that no draw
 * bears on. Null where there are none.
 */
export function nullScores(below: readonly DrawBelow[], node: Influenced): tf.Tensor | null {
  const terms = below.flatMap(({node: other, logProb}) => {
    const axes = relativeAxes(...sharedAxes(node, other)!); // a node below has a cost of this one
    return logProb.size !== tf.util.sizeFromShape(node.link.shape) || axes.some(isEvery)
      ? []
      : [tf.sub(box(sumForDraws(node.link.shape, axes, logProb)), 1)];
  });
  return terms.length === 0 ? null : terms.reduce((a, b) => tf.add(a, b));
}

/** exp(l − ⊥l): 1, with the derivatives of every order that e^l has over its value. */
export function box(logProb: tf.Tensor): tf.Tensor {
  return tf.exp(tf.sub(logProb, detach(logProb)));
}

/** The nodes with a surrogate term whose parameters depend on the value of `link`. */
export function nodesBelow(
  tape: readonly TapeRecord[],
  influenced: readonly Influenced[],
  link: NodeLink,
): Influenced[] {
  const others = influenced.filter(node => node.link !== link && node.link.term !== null);
  const parents = others.flatMap((node, of) => node.link.parents.map(tensor => ({tensor, of})));
  if (parents.length === 0) return [];
  const reached = influencedNodes(
    tape,
    parents.map(({tensor}) => tensor),
  ).find(found => found.link === link)?.costs;
  const below = new Set(parents.flatMap(({of}, i) => (reached?.has(i) === true ? [of] : [])));
  return others.filter((_, of) => below.has(of));
}
