/** Loaded before the specs in Node: registers the backends, the gradients of tfjs and the kernels of this library. */
import {createRequire} from 'node:module';
import {dirname, sep} from 'node:path';
import '@tensorflow/tfjs-backend-cpu';
import {setWasmPaths} from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import '../../src/kernels/index.js';
import {fixRandomNumbers} from './determinism.js';

if ('jasmine' in globalThis) fixRandomNumbers(); // scripts load this file too, outside any runner
const main = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
setWasmPaths(dirname(main) + sep);

// The cpu backend advertises tfjs-node at its first tensor, unless the flag IS_TEST is set.
await tf.setBackend('cpu');
tf.env().set('IS_TEST', true);
tf.scalar(0).dispose();
tf.env().set('IS_TEST', false);
