/** All elementwise kernels, one line a file. */
import type {FunctionKernel, SamplerKernel} from '../elementwise/definition.js';
import {elementaryKernels} from './elementary.js';
import {guardKernels} from './guards.js';

export const functionKernels: readonly FunctionKernel[] = [
  ...elementaryKernels,
  ...guardKernels,
];

export const samplerKernels: readonly SamplerKernel[] = [
];
