/** Numbers that the host keeps from step to step, on the device. */
import * as tf from '@tensorflow/tfjs-core';
import {recorder} from '../util/recorder.js';

/** What `read` gives now, a scalar; a recorded step reads it anew in each call. */
export function hostNumber(read: () => number): tf.Scalar {
  const number = tf.scalar(read());
  recorder()?.made(number, {}, () => Float32Array.of(read()));
  return number;
}
