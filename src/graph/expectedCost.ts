/**
 * A part of a graph as one tensor: the cost of some random nodes, averaged over their samples, with the surrogate terms
 * of those nodes in its gradient.
 */
import * as tf from '@tensorflow/tfjs-core';
import {check} from '../util/errors.js';
import {sizeOf, type Shape} from '../util/shapes.js';
import {checkGradientsRegistered, ensureKernels} from '../kernels/index.js';
import {attach} from './attach.js';
import {drawsForCost, multiplicity} from './axes/align.js';
import {isEvery, isShifted} from './axes/factors.js';
import {axesFor} from './axes/reach.js';
import {headAxes} from './credit.js';
import {influencedNodes} from './influence.js';
import {Replay} from './replay.js';
import {currentRun, Run, withRun} from './run.js';
import {settleLink} from './nodeLink.js';
import {inGradientScope, readTape} from './tape.js';
import {surrogateTerms, type SurrogateTerm} from './terms.js';
import {inValueScope, valueScope} from './valueScope.js';
import {weightCosts, weightedNodes} from './weights.js';

/** What a part of a graph computes. */
export interface PartialCost {
  /** `[sample…, shape…]`. */
  readonly cost: tf.Tensor;
  /** What is left when the sample axes are averaged. */
  readonly shape: readonly number[];
}

/**
 * The mean over sample axes of the cost that `part` computes from nodes that it makes. Its ordinary gradient, to each
 * element, is the estimate of the gradient of the expected cost. The nodes made by `part` are settled: no scope around
 * counts them again. What their estimators train is left to that scope. Outside a gradient scope it is the value alone,
 * the same for the same keys.
 */
export function expectedCost(who: string, part: () => PartialCost): tf.Tensor {
  if (!inGradientScope() || inValueScope()) return expectedValue(who, part);
  ensureKernels();
  checkGradientsRegistered();
  return tf.tidy(() => {
    const before = readTape(who).length;
    let shape: readonly number[] = [];
    const run = currentRun();
    const replay = new Replay(
      who,
      () => {
        const made = part();
        shape = made.shape;
        return made.cost;
      },
      run,
    );
    try {
      const credits = replay.first();
      const influenced = influencedNodes(readTape(who).slice(before), credits);
      const {terms, objectives} = surrogateTerms({credits, influenced, replay});
      objectives.forEach(objective => run?.addObjective(objective));
      const [cost] = weightCosts(credits, weightedNodes(influenced)) as [tf.Tensor]; // one cost, one weighted cost
      const mean = overSamples(cost, shape);
      refuseCoupling(who, terms, shape);
      const result = terms.reduce(
        (sum, term) => attach(sum, spread(overSamples(toCost(term, cost.shape), shape), shape)),
        mean,
      );
      influencedNodes(readTape(who).slice(before), [result]).forEach(({link}) => settleLink(link));
      return result === credits[0] ? tf.clone(result) : result;
    } finally {
      replay.dispose();
    }
  });
}

/** The same without a gradient. */
function expectedValue(who: string, part: () => PartialCost): tf.Tensor {
  if (!inGradientScope()) return valueScope(() => expectedValue(who, part));
  return tf.tidy(() => {
    const before = readTape(who).length;
    const {cost, shape} = withRun(new Run(null, null, currentRun()), part);
    const influenced = influencedNodes(readTape(who).slice(before), [cost]);
    const [weighted] = weightCosts([cost], weightedNodes(influenced)) as [tf.Tensor]; // one cost, one weighted cost
    influenced.forEach(({link}) => settleLink(link));
    const mean = overSamples(weighted, shape);
    return mean === cost ? tf.clone(mean) : mean;
  });
}

/** Each element of an expectation has a gradient of its own, so no draw of the batch may bear on another's. */
function refuseCoupling(who: string, terms: readonly SurrogateTerm[], shape: readonly number[]): void {
  for (const {node} of terms) {
    if (node === null || sizeOf(shape) === 1) continue;
    const {link, reaches} = node;
    const batch = reaches.flatMap(({axes}) => axes.slice(link.shape.length - link.batchRank, link.shape.length));
    check(
      !batch.some(axis => isEvery(axis) || isShifted(axis)),
      who,
      `f must keep the elements of the batch [${shape.join(',')}] apart, and couples them at node ` +
        `${JSON.stringify(link.node.name)}; make them one draw with independent, or leave the sum over the batch ` +
        'to st.variableGrads',
    );
  }
}

/**
 * A surrogate term in the shape of the one cost, up to axes of size 1, its mean kept: the mean over draws that bear on
 * the same element.
 */
function toCost({surrogate, node}: SurrogateTerm, cost: Shape): tf.Tensor {
  if (node === null) return surrogate;
  const {link, reaches} = node;
  const axes = headAxes(link, axesFor(reaches, 0), cost);
  const draws = drawsForCost(link.shape, axes, surrogate, cost);
  const together = multiplicity(axes);
  return together === 1 ? draws : tf.div(draws, together);
}

/** The mean over the axes in front of `shape`. */
function overSamples(cost: tf.Tensor, shape: readonly number[]): tf.Tensor {
  const axes = Array.from({length: Math.max(0, cost.rank - shape.length)}, (_, i) => i);
  return axes.length === 0 ? cost : tf.mean(cost, axes);
}

function spread(term: tf.Tensor, shape: readonly number[]): tf.Tensor {
  return term.rank === shape.length && term.shape.every((d, i) => d === shape[i])
    ? term
    : tf.broadcastTo(term, [...shape]);
}
