/** The benchmarks that run in Node and on pages alike, by name. */
import type {BenchContext} from './context.js';
import {benchChain} from './chain.js';
import {benchFunctions} from './functions.js';
import {benchKernels} from './kernels.js';
import {benchLogProb} from './logProb.js';
import {benchSamplers} from './samplers.js';
import {benchStep} from './step.js';

export const everywhere: Readonly<Record<string, (context: BenchContext) => void | Promise<void>>> = {
  step: benchStep,
  samplers: benchSamplers,
  logProb: benchLogProb,
  functions: benchFunctions,
  chain: benchChain,
  kernels: benchKernels,
};
