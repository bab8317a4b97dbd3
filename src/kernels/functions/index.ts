/** All elementwise kernels, one line a file. */
import type {FunctionKernel} from '../elementwise/definition.js';
import {cauchyKernels} from './cauchy.js';
import {divergenceKernels} from './divergence.js';
import {besselKernels} from './bessel.js';
import {elementaryKernels} from './elementary.js';
import {familyKernels} from './families.js';
import {gammaKernels} from './gamma.js';
import {guardKernels} from './guards.js';
import {normalKernels} from './normal.js';
import {vonMisesKernels} from './vonMises.js';
import {betaDensityKernels} from './betaDensity.js';
import {massKernels} from './masses.js';
import {studentTKernels} from './studentT.js';
export {samplerKernels} from './samplers.js';

export const functionKernels: readonly FunctionKernel[] = [
  ...cauchyKernels,
  ...divergenceKernels,
  ...elementaryKernels,
  ...familyKernels,
  ...gammaKernels,
  ...guardKernels,
  ...normalKernels,
  ...besselKernels,
  ...vonMisesKernels,
  ...betaDensityKernels,
  ...massKernels,
  ...studentTKernels,
];
