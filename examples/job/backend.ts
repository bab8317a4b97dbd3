/** tfjs on WebAssembly in Node. */
import {createRequire} from 'node:module';
import path from 'node:path';
import '@tensorflow/tfjs-backend-cpu';
import {setWasmPaths} from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers'; // brings the gradients of tfjs's kernels, which tfjs-core alone leaves out in Node
import 'tfjs-stochastic'; // puts its faster kernels in place

/** Makes wasm the active backend. */
export async function useWasm(): Promise<void> {
  const main = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(path.dirname(main) + path.sep);
  if (!(await tf.setBackend('wasm'))) throw new Error('tfjs: the wasm backend could not be started');
}

/** Makes the cpu backend active: plain JavaScript, the quickest for scalars. */
export async function useCpu(): Promise<void> {
  tf.enableProdMode(); // without the advertisement that the backend prints in Node
  await tf.setBackend('cpu');
}
