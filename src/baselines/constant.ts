import * as tf from '@tensorflow/tfjs-core';
import {checkKeys} from '../util/options.js';
import {real} from '../constraints/numberSets.js';
import {checkNumber} from '../constraints/check.js';
import type {Baseline} from './baseline.js';

/** A fixed number: advantage = cost − value (Williams 1992). */
export function constant(config: {value: number}): Baseline {
  checkKeys('constant', config, ['value']);
  const {value} = config;
  checkNumber('constant', 'value', value, real);
  return {
    kind: 'baseline',
    name: 'constant',
    config: {value},
    source: 'Williams 1992',
    advantage: (_, {total}) => ({advantage: tf.sub(total, value)}),
  };
}
