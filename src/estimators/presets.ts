/** The registered names. A preset is an estimator under a name of its own, usable with an empty configuration. */
import {learned, type LearnedConfig} from '../baselines/learned.js';
import {leaveOneOut} from '../baselines/leaveOneOut.js';
import {movingAverage} from '../baselines/movingAverage.js';
import type {Baseline} from '../baselines/baseline.js';
import type {Estimator} from '../graph/estimator.js';
import {register} from '../graph/estimatorRegistry.js';
import {lax} from './lax.js';
import {pathwise} from './pathwise.js';
import {relax} from './relax.js';
import {named, scoreFunction} from './scoreFunction.js';

/** NVIL: the score function with a learned, centred baseline (Mnih and Gregor 2014); see `learned` for the configuration. */
export function nvil(config: LearnedConfig = {}): Estimator {
  return withBaseline('nvil', learned(config));
}

function withBaseline(name: string, baseline: Baseline): Estimator {
  return named(name, {baseline}, baseline.config);
}

register('pathwise', pathwise);
register('scoreFunction', scoreFunction);
register('movingAverage', config => withBaseline('movingAverage', movingAverage(config)));
register('nvil', nvil);
register('leaveOneOut', config => withBaseline('leaveOneOut', leaveOneOut(config)));
register('lax', lax);
register('relax', relax);
