/** Tensors of numbers that the host draws. */
import * as tf from '@tensorflow/tfjs-core';
import type {Key} from '../keys/key.js';
import {recorder, type HostArray} from '../util/recorder.js';
import type {Shape} from '../util/shapes.js';

/**
 * What `draw` makes of the keys, as a tensor. A recorded step calls it again with the keys of its next call, so it must
 * depend on nothing else that changes.
 */
export function drawnOnHost(
  keys: readonly Key[],
  shape: Shape,
  dtype: tf.DataType,
  draw: (...keys: Key[]) => HostArray,
): tf.Tensor {
  const drawn = tf.tensor(draw(...keys), shape, dtype);
  recorder()?.made(drawn, {keys: keys.map(({words}) => words)}, (_, all) => draw(...all.map(words => ({words}))));
  return drawn;
}
