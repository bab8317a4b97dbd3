/** All benchmarks, or those named on the command line: `npm run bench -- step chain kernels imports --json`. */
import process from 'node:process';
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import '../test/helpers/setup-node.js';
import {benchChain} from './chain.js';
import {benchImports} from './imports.js';
import {benchKernels} from './kernels.js';
import {benchSteps} from './step.js';

await tf.setBackend('wasm');
await tf.ready();
const all: Record<string, () => void> = {
  chain: benchChain,
  step: benchSteps,
  kernels: benchKernels,
  imports: benchImports,
};
const asked = process.argv.slice(2).filter(arg => !arg.startsWith('--'));
const unknown = asked.find(name => !(name in all));
if (unknown !== undefined) {
  console.error(`bench: unknown benchmark ${JSON.stringify(unknown)}; known: ${Object.keys(all).join(', ')}`);
  process.exit(2);
}
st.enableFastKernels();
for (const [name, run] of Object.entries(all)) {
  if (asked.length === 0 || asked.includes(name)) run();
}
