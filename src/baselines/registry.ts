/** Baselines by name, so that estimators serialise. */
import {check, failUnknown} from '../util/errors.js';
import type {LossFunction} from '../graph/estimator.js';
import {baselineFunction} from './advantageFunction.js';
import {isBaseline, type Baseline} from './baseline.js';
import {constant} from './constant.js';
import {learned} from './learned.js';
import {leaveOneOut} from './leaveOneOut.js';
import {movingAverage} from './movingAverage.js';
import {none} from './none.js';

/** What a configuration may hold in the place of a baseline. */
export type BaselineLike = Baseline | LossFunction | string | {readonly name: string; readonly config?: object};

const factories: Readonly<Record<string, (config: never) => Baseline>> = {none, constant, movingAverage, leaveOneOut, learned};

/** Reads a baseline given as an object, a function, a name, or `{name, config}`. */
export function readBaseline(who: string, given: BaselineLike): Baseline {
  if (isBaseline(given)) return given;
  if (typeof given === 'function') return baselineFunction(given);
  const named = typeof given === 'string' ? {name: given} : given;
  check(typeof named === 'object' && named !== null && typeof named.name === 'string', who,
      'baseline must be a baseline, a function (node, value, cost) => Tensor, a name, or {name, config}', given);
  if (!Object.hasOwn(factories, named.name)) failUnknown(who, 'baseline', named.name, Object.keys(factories));
  return factories[named.name]!((named.config ?? {}) as never); // every factory checks its own config
}
