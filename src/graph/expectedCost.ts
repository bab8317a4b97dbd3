/** A part of a graph as one tensor: the cost of some random nodes, averaged over their samples, with the surrogate terms of those nodes in its gradient. */
import * as tf from '@tensorflow/tfjs-core';
import {checkGradientsRegistered} from '../kernels/index.js';
import {averageTo} from './alignCost.js';
import {attach} from './attach.js';
import {influencedNodes} from './influence.js';
import {Replay} from './replay.js';
import {currentRun, Run, withRun} from './run.js';
import {settle} from './stochasticTensor.js';
import {inGradientScope, readTape} from './tape.js';
import {surrogateTerms} from './terms.js';
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
 * The mean over sample axes of the cost that `part` computes from nodes that it makes. Its ordinary gradient, to each element, is the estimate of the gradient of
 * the expected cost. The nodes made by `part` are settled: no scope around counts them again. What their estimators train is left to that scope.
 * Outside a gradient scope it is the value alone, the same for the same keys.
 */
export function expectedCost(who: string, part: () => PartialCost): tf.Tensor {
  if (!inGradientScope() || inValueScope()) return expectedValue(who, part);
  checkGradientsRegistered();
  return tf.tidy(() => {
    const before = readTape(who).length;
    let shape: readonly number[] = [];
    const run = currentRun();
    const replay = new Replay(who, () => {
      const made = part();
      shape = made.shape;
      return made.cost;
    }, run);
    try {
      const credits = replay.first();
      const influenced = influencedNodes(readTape(who).slice(before), credits);
      const {terms, objectives} = surrogateTerms({credits, influenced, replay});
      objectives.forEach(objective => run?.addObjective(objective));
      const [cost] = weightCosts(credits, weightedNodes(influenced)) as [tf.Tensor]; // one cost, one weighted cost
      const mean = overSamples(cost, shape);
      const result = terms.reduce((sum, term) => attach(sum, spread(averageTo([...shape], term), shape)), mean);
      influencedNodes(readTape(who).slice(before), [result]).forEach(({link}) => settle(link));
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
    influenced.forEach(({link}) => settle(link));
    const mean = overSamples(weighted, shape);
    return mean === cost ? tf.clone(mean) : mean;
  });
}

/** The mean over the axes in front of `shape`. */
function overSamples(cost: tf.Tensor, shape: readonly number[]): tf.Tensor {
  const axes = Array.from({length: cost.rank - shape.length}, (_, i) => i);
  return axes.length === 0 ? cost : tf.mean(cost, axes);
}

function spread(term: tf.Tensor, shape: readonly number[]): tf.Tensor {
  return term.rank === shape.length && term.shape.every((d, i) => d === shape[i]) ? term : tf.broadcastTo(term, [...shape]);
}
