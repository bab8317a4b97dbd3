/** ln(1 + e^x), good to float32 for every x on every backend. */
import * as tf from '@tensorflow/tfjs-core';
import {logAddExp} from '../elementary/index.js';

/** The backends whose own softplus keeps its digits; those of GPUs lose all but two between −14 and −5. */
const EXACT = new Set(['cpu', 'wasm']);

/** ln(1 + e^x) = −ln σ(−x). */
export function softplus(x: tf.Tensor): tf.Tensor {
  return EXACT.has(tf.getBackend()) ? tf.softplus(x) : logAddExp(x, 0);
}
