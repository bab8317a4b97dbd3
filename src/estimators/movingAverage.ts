import * as baselines from '../baselines/movingAverage.js';
import type {Estimator} from '../graph/estimator.js';
import {withBaseline} from './scoreFunction.js';

/** The score function less a moving average of earlier costs, by the name of the baseline. */
export function movingAverage(config?: Parameters<typeof baselines.movingAverage>[0]): Estimator {
  return withBaseline('movingAverage', baselines.movingAverage(config));
}
