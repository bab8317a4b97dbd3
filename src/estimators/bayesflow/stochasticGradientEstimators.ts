/** The names of tf.contrib.bayesflow.stochastic_gradient_estimators, in camelCase. */
import * as tf from '@tensorflow/tfjs-core';
import {check} from '../../util/errors.js';
import {checkTensor, floatTensor} from '../../util/numbers.js';
import {broadcastShapes} from '../../util/shapes.js';
import {isTensor} from '../../util/tensors.js';
import {advantage} from '../../baselines/advantageFunction.js';
import {constant} from '../../baselines/constant.js';
import {movingAverage} from '../../baselines/movingAverage.js';
import type {Baseline} from '../../baselines/baseline.js';
import {detach} from '../../math/stopGradient.js';
import type {Estimator, LossFunction} from '../../graph/estimator.js';
import {linkOf} from '../../graph/nodeLink.js';
import type {StochasticTensor} from '../../graph/stochasticTensor.js';
import {scoreFunction as estimator} from '../scoreFunction.js';

/**
 * log p(value)·(loss − baseline), the factor held constant: a loss function, to be called or given as a node's
 * estimator.
 */
function scoreFunctionLoss(
  node: StochasticTensor,
  value: tf.Tensor,
  loss: tf.Tensor,
  baseline?: tf.Tensor | number,
): tf.Tensor {
  const who = 'scoreFunction';
  linkOf(who, node);
  check(isTensor(value), who, 'value must be a tensor', value);
  return tf.tidy(() => {
    const logProb = node.distribution.logProb(detach(checkTensor(who, 'value', value)));
    const cost = floatTensor(who, 'the loss', loss);
    const less = baseline === undefined ? null : floatTensor(who, 'the baseline', baseline);
    broadcastShapes(who, [logProb.shape, cost.shape, ...(less === null ? [] : [less.shape])]);
    return tf.mul(logProb, detach(less === null ? cost : tf.sub(cost, less)));
  });
}

/**
 * The score function with a baseline: a function (node, value, loss) => Tensor or a baseline. Default: the mean
 * baseline.
 */
function getScoreFunctionWithBaseline(baseline: LossFunction | Baseline = getMeanBaseline()): Estimator {
  return estimator({baseline});
}

/** The score function with a fixed baseline. */
function getScoreFunctionWithConstantBaseline(baseline: number): Estimator {
  return estimator({baseline: constant({value: baseline})});
}

/** The score function with `advantageFn(node, value, loss)` in the place of the loss. Default: the loss itself. */
function getScoreFunctionWithAdvantage(advantageFn?: LossFunction): Estimator {
  return estimator(advantageFn === undefined ? {} : {baseline: advantage(advantageFn)});
}

/**
 * The moving average of the losses of earlier steps; unlike bayesflow's, without the current one, which would bias the
 * estimate.
 */
function getMeanBaseline(emaDecay = 0.99): Baseline {
  return movingAverage({decay: emaDecay});
}

/**
 * The five functions of bayesflow's module of this name, in camelCase: a loss function and makers of estimators and
 * baselines. New code is better off with `scoreFunction({baseline})`.
 */
export const stochasticGradientEstimators = {
  /** log p(value) times the loss, held constant. */
  scoreFunction: scoreFunctionLoss,
  getScoreFunctionWithBaseline,
  getScoreFunctionWithConstantBaseline,
  getScoreFunctionWithAdvantage,
  getMeanBaseline,
};
