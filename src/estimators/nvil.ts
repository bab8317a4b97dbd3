import {learned, type LearnedConfig} from '../baselines/learned.js';
import type {Estimator} from '../graph/estimator.js';
import {withBaseline} from './scoreFunction.js';

/**
 * NVIL: the score function with a learned, centred baseline (Mnih and Gregor 2014); see `learned` for the
 * configuration.
 */
export function nvil(config: LearnedConfig = {}): Estimator {
  return withBaseline('nvil', learned(config));
}
