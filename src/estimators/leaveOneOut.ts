import * as baselines from '../baselines/leaveOneOut.js';
import type {Estimator} from '../graph/estimator.js';
import {withBaseline} from './scoreFunction.js';

/** The score function less the mean over the other samples, by the name of the baseline. */
export function leaveOneOut(config?: Parameters<typeof baselines.leaveOneOut>[0]): Estimator {
  return withBaseline('leaveOneOut', baselines.leaveOneOut(config));
}
