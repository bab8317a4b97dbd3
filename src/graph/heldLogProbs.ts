/**
 * The log-densities that nodes gave out with their parameters held constant, as the estimators `stl` and `dreg` want
 * it.
 */
import * as tf from '@tensorflow/tfjs-core';
import {check} from '../util/errors.js';
import {derivatives, isUpstream} from '../math/derivatives.js';
import {boundsOver, isConstantIn} from './boundsBelow.js';
import type {Influenced} from './influence.js';
import type {StochasticTensor} from './stochasticTensor.js';

const logProbs = new WeakMap<StochasticTensor, tf.Tensor[]>();

/** Takes note of what `node.logProb()` returned. */
export function noteHeldLogProb(node: StochasticTensor, logProb: tf.Tensor): void {
  const noted = logProbs.get(node);
  if (noted === undefined) logProbs.set(node, [logProb]);
  else noted.push(logProb);
}

/** Every result of `node.logProb()` that holds the parameters constant. */
export function heldLogProbs(node: StochasticTensor): readonly tf.Tensor[] {
  return logProbs.get(node) ?? [];
}

/**
 * The score that such a log-density leaves out has the mean 0 only where the costs are linear in it, with slopes that
 * the draw does not influence; of bounds over its own samples a node with a surrogate term takes care itself.
 * @throws otherwise
 */
export function checkHeldLogProbs(credits: readonly tf.Tensor[], influenced: readonly Influenced[]): void {
  for (const {link, costs} of influenced) {
    const given = heldLogProbs(link.node);
    if (given.length === 0) continue;
    const own = link.term === null ? [] : boundsOver(link, link.term.view);
    const outside = credits.filter((credit, i) => costs.has(i) && !own.some(bound => isUpstream(bound, credit)));
    if (outside.length === 0) continue;
    const slopes = derivatives(
      outside.map(c => tf.sum(c)).reduce((a, b) => tf.add(a, b)),
      given,
    );
    check(
      isConstantIn(link, slopes),
      `node ${JSON.stringify(link.node.name)}`,
      'its estimator leaves the score out of logProb(), so the costs must be linear in it, as the ELBO is; in a ' +
        'multi-sample bound over the samples of the node use "dreg", elsewhere "pathwise"',
    );
  }
}
