/**
 * Plain tfjs as its users have it, without this library, whose kernels serve a whole process: `node --import tsx
 * bench/peers/plain.ts BACKEND`. See peer.ts for what is asked and answered.
 */
import {createRequire} from 'node:module';
import {dirname, sep} from 'node:path';
import process from 'node:process';
import {createInterface} from 'node:readline';
import '@tensorflow/tfjs-backend-cpu';
import {setWasmPaths} from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import {plainAnswer} from './plainOperations.js';

console.log = console.warn = () => undefined; // answers alone go there
setWasmPaths(dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm')) + sep);
await tf.setBackend(process.argv[2] ?? 'wasm');
await tf.ready();
tf.scalar(0).dispose(); // the cpu backend greets
process.stdout.write('ready\n');
for await (const line of createInterface({input: process.stdin})) process.stdout.write(`${await plainAnswer(line)}\n`);
