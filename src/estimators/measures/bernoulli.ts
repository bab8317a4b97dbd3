import * as tf from '@tensorflow/tfjs-core';
import {ofType} from '../../util/tensors.js';
import type {Element, Measure, MeasuredValue} from './measure.js';

/** By the probability p: f(1) − f(0) = (1 − 2x)(f(1 − x) − f(x)), of which f(x) is known. */
function flip({x}: Element, probs: tf.Tensor): MeasuredValue[] {
  const b = tf.cast(x, 'float32');
  const other = tf.sub(1, b);
  return [{value: ofType(other, x.dtype), weight: tf.mul(tf.sub(other, b), probs)}];
}

export const bernoulliMeasure: Measure = {
  logits: {values: 1, parts: given => flip(given, tf.sigmoid(given.param('logits')))},
  probs: {values: 1, parts: given => flip(given, given.param('probs'))},
};
