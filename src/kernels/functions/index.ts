/** All elementwise kernels, one line a file. */
import type {FunctionKernel} from '../elementwise/definition.js';
import {cauchyKernels} from './cauchy.js';
import {countTailKernels} from './countTails.js';
import {divergenceKernels} from './divergence.js';
import {besselKernels} from './bessel.js';
import {elementaryKernels} from './elementary.js';
import {familyKernels} from './families.js';
import {gammaKernels} from './gamma.js';
import {gammaKlKernels} from './gammaKl.js';
import {circularKernels} from './circular.js';
import {scaledGammaKernels} from './scaledGamma.js';
import {guardKernels} from './guards.js';
import {incompleteGammaKernels} from './incompleteGamma.js';
import {normalKernels} from './normal.js';
import {successKernels} from './successes.js';
import {truncatedNormalKernels} from './truncatedNormal.js';
import {vonMisesKernels} from './vonMises.js';
import {betaDensityKernels} from './betaDensity.js';
import {massKernels} from './masses.js';
import {scaleKlKernels} from './scaleKl.js';
import {studentTKernels} from './studentT.js';
import {incompleteBetaKernels} from './incompleteBeta.js';
export {samplerKernels} from './samplers.js';

export const functionKernels: readonly FunctionKernel[] = [
  ...cauchyKernels,
  ...countTailKernels,
  ...divergenceKernels,
  ...elementaryKernels,
  ...familyKernels,
  ...gammaKernels,
  ...gammaKlKernels,
  ...circularKernels,
  ...scaledGammaKernels,
  ...guardKernels,
  ...successKernels,
  ...incompleteGammaKernels,
  ...normalKernels,
  ...besselKernels,
  ...truncatedNormalKernels,
  ...vonMisesKernels,
  ...betaDensityKernels,
  ...massKernels,
  ...scaleKlKernels,
  ...studentTKernels,
  ...incompleteBetaKernels,
];
