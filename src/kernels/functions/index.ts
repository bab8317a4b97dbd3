/** All elementwise kernels, one line a file. */
import type {FunctionKernel, SamplerKernel} from '../elementwise/definition.js';
import {divergenceKernels} from './divergence.js';
import {elementaryKernels} from './elementary.js';
import {guardKernels} from './guards.js';
import {normalKernels} from './normal.js';

export const functionKernels: readonly FunctionKernel[] = [
  ...divergenceKernels,
  ...elementaryKernels,
  ...guardKernels,
  ...normalKernels,
];

export const samplerKernels: readonly SamplerKernel[] = [
];
