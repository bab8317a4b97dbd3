/**
 * Loaded before the specs in the browser: registers the four backends, the gradients of tfjs and the kernels of this
 * library.
 */
import '@tensorflow/tfjs-backend-cpu';
import {setWasmPaths} from '@tensorflow/tfjs-backend-wasm';
import '@tensorflow/tfjs-backend-webgl';
import '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import '../../src/kernels/index.js';
import {fixRandomNumbers} from './determinism.js';
import {failOnGpuErrors, watchGpu} from './gpuErrors.js';

fixRandomNumbers();
setWasmPaths('/wasm/');
tf.env().set('SOFTWARE_WEBGL_ENABLED', true);

// Whatever the WebGPU device complains of fails the spec that caused it.
beforeEach(watchGpu);
afterEach(() => failOnGpuErrors(fail));
