/** Keeping what is not finite out of what lasts. */
import * as tf from '@tensorflow/tfjs-core';
import {recorder, withRecorder} from '../util/recorder.js';
import {select} from './numerics.js';

const hostBackends = ['cpu', 'wasm', 'tensorflow'];

/**
 * Whether the memory of the backend is the host's, so that a number can be looked at between two kernels. Elsewhere that
 * would stop the device.
 */
export function readsAtOnce(): boolean {
  return hostBackends.includes(tf.getBackend());
}

/** Whether a scalar is finite; null where the backend cannot tell without stopping. */
export function isFiniteNow(x: tf.Tensor): boolean | null {
  if (!readsAtOnce()) return null;
  const found = withRecorder(null, () => Number.isFinite(x.dataSync()[0]));
  recorder()?.expected(found, [x], ([values]) => Number.isFinite(values![0]));
  return found;
}

/** x where it is finite, else `instead`. */
export function onlyFinite(x: tf.Tensor, instead: tf.Tensor | number): tf.Tensor {
  return select(tf.isFinite(x), x, instead);
}
