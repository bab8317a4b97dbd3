/** Whether tfjs has anything to compute with. */
import * as tf from '@tensorflow/tfjs-core';
import {fail} from './errors.js';

let isThere = false;

/** Throws where no backend of tfjs was ever loaded; costs nothing once one was. For whatever makes the first tensor. */
export function needBackend(): void {
  if (isThere) return;
  const loaded = Object.keys(tf.engine().registryFactory).length > 0;
  if (!loaded)
    fail(
      'tfjs-stochastic',
      "no backend of TensorFlow.js is loaded: import '@tensorflow/tfjs-backend-cpu' (or -wasm, -webgl, -webgpu)",
    );
  isThere = true;
}
