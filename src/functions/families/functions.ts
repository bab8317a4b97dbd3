/** Log-densities and standardised values of families, one kernel each. */
import type * as tf from '@tensorflow/tfjs-core';
import {apply, type MathInput} from '../../kernels/elementwise/apply.js';
import {
  expNegKernel,
  kumaraswamyCdfKernel,
  kumaraswamyLogDensityKernel,
  kumaraswamyLogMomentKernel,
  kumaraswamySurvivalKernel,
  laplaceLogDensityKernel,
  lgammaCurveDifferenceKernel,
  lgammaCurveKernel,
  logRatioKernel,
  logStandardisedKernel,
  logisticLogDensityKernel,
  logitStandardisedKernel,
  powerRatioKernel,
  weibullLogDensityKernel,
} from './kernels.js';

/** ln(x/y) for x, y >= 0, accurate where they are close. */
export const logRatio = (x: MathInput, y: MathInput): tf.Tensor => apply('logRatio', logRatioKernel, {x, y});

/** (x/y)^k for x, y >= 0. */
export const powerRatio = (x: MathInput, y: MathInput, k: MathInput): tf.Tensor =>
  apply('powerRatio', powerRatioKernel, {x, y, k});

/** (ln x − loc) / scale. */
export const logStandardised = (x: MathInput, loc: MathInput, scale: MathInput): tf.Tensor =>
  apply('logStandardised', logStandardisedKernel, {x, loc, scale});

/** (ln(x/(1 − x)) − loc) / scale. */
export const logitStandardised = (x: MathInput, loc: MathInput, scale: MathInput): tf.Tensor =>
  apply('logitStandardised', logitStandardisedKernel, {x, loc, scale});

/** −z − 2 ln(1 + e^{−z}). */
export const logisticLogDensity = (z: MathInput): tf.Tensor =>
  apply('logisticLogDensity', logisticLogDensityKernel, {z});

/** ln(k/scale) + (k − 1) ln(x/scale) − (x/scale)^k. */
export const weibullLogDensity = (x: MathInput, scale: MathInput, k: MathInput): tf.Tensor =>
  apply('Weibull', weibullLogDensityKernel, {x, scale, k});

/** ln ab + (a − 1) ln x + (b − 1) ln(1 − x^a). */
export const kumaraswamyLogDensity = (x: MathInput, a: MathInput, b: MathInput): tf.Tensor =>
  apply('Kumaraswamy', kumaraswamyLogDensityKernel, {x, a, b});

/** ln(b B(1 + t, b)), the logarithm of E x^{at}, for t >= 0 and b > 0. */
export const kumaraswamyLogMoment = (t: MathInput, b: MathInput): tf.Tensor =>
  apply('Kumaraswamy', kumaraswamyLogMomentKernel, {t, b});

/** ln Γ(x) − 2 ln Γ(x + t) + ln Γ(x + 2t), for t >= 0. */
export const lgammaCurve = (x: MathInput, t: MathInput): tf.Tensor => apply('lgammaCurve', lgammaCurveKernel, {x, t});

/** lgammaCurve(x, t) − lgammaCurve(x + d, t), for d > 0. */
export const lgammaCurveDifference = (x: MathInput, d: MathInput, t: MathInput): tf.Tensor =>
  apply('lgammaCurveDifference', lgammaCurveDifferenceKernel, {x, d, t});

/** −|z| − ln 2; its derivative at 0 is 0. */
export const laplaceLogDensity = (z: MathInput): tf.Tensor => apply('laplaceLogDensity', laplaceLogDensityKernel, {z});

/** 1 − (1 − x^a)^b for x in [0, 1]. */
export const kumaraswamyCdf = (x: MathInput, a: MathInput, b: MathInput): tf.Tensor =>
  apply('Kumaraswamy', kumaraswamyCdfKernel, {x, a, b});

/** (1 − x^a)^b. */
export const kumaraswamySurvival = (x: MathInput, a: MathInput, b: MathInput): tf.Tensor =>
  apply('Kumaraswamy', kumaraswamySurvivalKernel, {x, a, b});

/** e^{−z}; where it is infinite, a constant. */
export const expNeg = (z: MathInput): tf.Tensor => apply('expNeg', expNegKernel, {z});
