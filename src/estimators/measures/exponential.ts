import * as tf from '@tensorflow/tfjs-core';
import {byLogRate} from './gamma.js';
import type {Measure} from './measure.js';

/** Exponential(rate) is Gamma(1, rate): (Exponential − Gamma(2)) / rate, coupled as x and x + E/rate. */
export const exponentialMeasure: Measure = {
  rate: {values: 1, parts: given => byLogRate(given, 1, given.constant('rate'), tf.log(given.param('rate')))},
};
