import * as tf from '@tensorflow/tfjs-core';
import type {Element, Measure, MeasuredValue} from './measure.js';

const next = ({x}: Element, rate: tf.Tensor): MeasuredValue[] => [
  {value: tf.add(x, tf.scalar(1, x.dtype as 'int32' | 'float32')), weight: rate},
]; // counts have one of the two

/** By rate: f(x + 1) − f(x). */
export const poissonMeasure: Measure = {
  rate: {values: 1, parts: given => next(given, given.param('rate'))},
  logRate: {values: 1, parts: given => next(given, tf.exp(given.param('logRate')))},
};
