import * as tf from '@tensorflow/tfjs-core';
import {check, checkKeys} from '../util/errors.js';
import type {Baseline} from './baseline.js';

/** A fixed number: advantage = cost − value (Williams 1992). */
export function constant(config: {value: number}): Baseline {
  checkKeys('constant', config, ['value']);
  const {value} = config;
  check(typeof value === 'number' && Number.isFinite(value), 'constant', 'value must be a finite number', value);
  return {
    kind: 'baseline',
    name: 'constant',
    config: {value},
    source: 'Williams 1992',
    advantage: (_, {total}) => ({advantage: tf.sub(total, value)}),
  };
}
