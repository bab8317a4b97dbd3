/** The score function with each of its baselines, under names of their own. */
import {learned, type LearnedConfig} from '../baselines/learned.js';
import {leaveOneOut} from '../baselines/leaveOneOut.js';
import {movingAverage} from '../baselines/movingAverage.js';
import type {Baseline} from '../baselines/baseline.js';
import type {Estimator} from '../graph/estimator.js';
import {named} from './scoreFunction.js';

/**
 * NVIL: the score function with a learned, centred baseline (Mnih and Gregor 2014); see `learned` for the
 * configuration.
 */
export function nvil(config: LearnedConfig = {}): Estimator {
  return withBaseline('nvil', learned(config));
}

function withBaseline(name: string, baseline: Baseline): Estimator {
  return named(name, {baseline}, baseline.config);
}

/** Those that take the name of their baseline; as functions they are `scoreFunction({baseline})`. */
export const presets = {
  movingAverage: (config?: {decay?: number}) => withBaseline('movingAverage', movingAverage(config)),
  leaveOneOut: (config?: {samples?: number}) => withBaseline('leaveOneOut', leaveOneOut(config)),
};
