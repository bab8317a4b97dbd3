import * as tf from '@tensorflow/tfjs-core';
import {checkKeys} from '../util/options.js';
import {properProbability} from '../constraints/limits.js';
import {checkNumber} from '../constraints/check.js';
import {atLeast} from '../math/numerics.js';
import {StatesOf} from '../graph/nodeStates.js';
import type {Baseline} from './baseline.js';
import {ofMeans, RunningMean} from './runningMean.js';

/**
 * The variance-normalised advantage (f − m) / max(1, s), with m and s² the moving averages of the mean and the variance
 * of the costs of earlier steps, one pair for each node (Mnih and Gregor 2014, section 2.3.3). It keeps the size of
 * gradients even where costs are large.
 *
 * The current cost enters the averages after the advantage is taken, so that, given the averages, the estimate is
 * unbiased up to the scale 1 / max(1, s): its mean points the right way, and its length is not that of the gradient.
 * Hence `bias: 'biased'`. At the first step m is 0 and s is 1.
 * @param config.decay in [0, 1), default 0.99
 */
export function normalized(config: {decay?: number} = {}): Baseline {
  checkKeys('normalized', config, ['decay']);
  const {decay = 0.99} = config;
  checkNumber('normalized', 'decay', decay, properProbability);
  const averages = new StatesOf(ofMeans(() => [new RunningMean(decay), new RunningMean(decay)]));
  return {
    kind: 'baseline',
    name: 'normalized',
    config: {decay},
    source: 'Mnih and Gregor 2014, section 2.3.3',
    bias: 'biased',
    advantage(node, {total: cost}) {
      const [mean, variance] = averages.get(node) as [RunningMean, RunningMean]; // made of two
      const advantage = tf.div(tf.sub(cost, mean.mean()), atLeast(tf.sqrt(variance.mean()), 1));
      mean.update(cost);
      // about the mean that knows this step, so that the first one has no share of m = 0
      variance.update(tf.square(tf.sub(cost, mean.mean())));
      return {advantage};
    },
    states: averages,
    dispose: () => averages.clear(),
  };
}
