/** All elementwise kernels, one line a file. */
import type {FunctionKernel, SamplerKernel} from '../elementwise/definition.js';
import {elementaryKernels} from './elementary.js';

export const functionKernels: readonly FunctionKernel[] = [
  ...elementaryKernels,
];

export const samplerKernels: readonly SamplerKernel[] = [
];
