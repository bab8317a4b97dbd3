/** The benchmarks that run in Node and on pages alike, by name. */
import type {BenchContext} from './context.js';
import {benchChain} from './chain.js';
import {benchCompile} from './compile.js';
import {benchFit} from './fit.js';
import {benchFunctions} from './functions.js';
import {benchLogProb} from './logProb.js';
import {benchMemory} from './memory.js';
import {benchPolicy} from './policy.js';
import {benchSamplers} from './samplers.js';
import {benchStep} from './step.js';

export const everywhere: Readonly<Record<string, (context: BenchContext) => void | Promise<void>>> = {
  step: benchStep,
  samplers: benchSamplers,
  logProb: benchLogProb,
  functions: benchFunctions,
  chain: benchChain,
  fit: benchFit,
  policy: benchPolicy,
  compile: benchCompile,
  memory: benchMemory,
};
