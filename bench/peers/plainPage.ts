/** Plain tfjs on a page of its own. */
import '@tensorflow/tfjs-backend-webgl';
import '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';

export {plainAnswer} from './plainOperations.js';

export async function start(backend: string): Promise<void> {
  await tf.setBackend(backend);
  await tf.ready();
}
