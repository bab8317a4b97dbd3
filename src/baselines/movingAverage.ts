import * as tf from '@tensorflow/tfjs-core';
import {checkKeys} from '../util/options.js';
import {properProbability} from '../constraints/limits.js';
import {checkNumber} from '../constraints/check.js';
import {StatesOf} from '../graph/nodeStates.js';
import type {Baseline} from './baseline.js';
import {ofMeans, RunningMean} from './runningMean.js';

/**
 * The exponential moving average of the costs of earlier steps, one for each node: advantage = cost − mₜ₋₁ / (1 −
 * decayᵗ⁻¹).
 *
 * The current cost enters the average after the advantage is taken, so the estimate is unbiased; bayesflow's mean
 * baseline takes it in before and is biased. At the first step the baseline is 0.
 * @param config.decay in [0, 1), default 0.99
 * @example
 * ```ts
 * const baseline = st.movingAverage({decay: 0.9});
 * st.scoreFunction({baseline}).config; // {"baseline": {"name": "movingAverage", "config": {"decay": 0.9}}}
 * ```
 */
export function movingAverage(config: {decay?: number} = {}): Baseline {
  checkKeys('movingAverage', config, ['decay']);
  const {decay = 0.99} = config;
  checkNumber('movingAverage', 'decay', decay, properProbability);
  const means = new StatesOf(ofMeans(() => [new RunningMean(decay)]));
  return {
    kind: 'baseline',
    name: 'movingAverage',
    config: {decay},
    source: 'Williams 1992; the average as in tf.contrib.bayesflow, without its bias',
    advantage(node, {total: cost}) {
      const mean = means.get(node)[0]!; // made of one
      const advantage = tf.sub(cost, mean.mean());
      mean.update(cost);
      return {advantage};
    },
    states: means,
    dispose: () => means.clear(),
  };
}
