/** Log-densities and standardised values of families, one kernel each. */
import type * as tf from '@tensorflow/tfjs-core';
import {apply} from '../../kernels/elementwise/apply.js';
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

type Input = tf.Tensor | number;

/** ln(x/y) for x, y >= 0, accurate where they are close. */
export const logRatio = (x: Input, y: Input): tf.Tensor => apply('logRatio', logRatioKernel, {x, y});

/** (x/y)^k for x, y >= 0. */
export const powerRatio = (x: Input, y: Input, k: Input): tf.Tensor => apply('powerRatio', powerRatioKernel, {x, y, k});

/** (ln x − loc) / scale. */
export const logStandardised = (x: Input, loc: Input, scale: Input): tf.Tensor =>
  apply('logStandardised', logStandardisedKernel, {x, loc, scale});

/** (ln(x/(1 − x)) − loc) / scale. */
export const logitStandardised = (x: Input, loc: Input, scale: Input): tf.Tensor =>
  apply('logitStandardised', logitStandardisedKernel, {x, loc, scale});

/** −z − 2 ln(1 + e^{−z}). */
export const logisticLogDensity = (z: Input): tf.Tensor => apply('logisticLogDensity', logisticLogDensityKernel, {z});

/** ln(k/scale) + (k − 1) ln(x/scale) − (x/scale)^k. */
export const weibullLogDensity = (x: Input, scale: Input, k: Input): tf.Tensor =>
  apply('Weibull', weibullLogDensityKernel, {x, scale, k});

/** ln ab + (a − 1) ln x + (b − 1) ln(1 − x^a). */
export const kumaraswamyLogDensity = (x: Input, a: Input, b: Input): tf.Tensor =>
  apply('Kumaraswamy', kumaraswamyLogDensityKernel, {x, a, b});

/** ln(b B(1 + t, b)), the logarithm of E x^{at}, for t >= 0 and b > 0. */
export const kumaraswamyLogMoment = (t: Input, b: Input): tf.Tensor =>
  apply('Kumaraswamy', kumaraswamyLogMomentKernel, {t, b});

/** ln Γ(x) − 2 ln Γ(x + t) + ln Γ(x + 2t), for t >= 0. */
export const lgammaCurve = (x: Input, t: Input): tf.Tensor => apply('lgammaCurve', lgammaCurveKernel, {x, t});

/** lgammaCurve(x, t) − lgammaCurve(x + d, t), for d > 0. */
export const lgammaCurveDifference = (x: Input, d: Input, t: Input): tf.Tensor =>
  apply('lgammaCurveDifference', lgammaCurveDifferenceKernel, {x, d, t});

/** −|z| − ln 2; its derivative at 0 is 0. */
export const laplaceLogDensity = (z: Input): tf.Tensor => apply('laplaceLogDensity', laplaceLogDensityKernel, {z});

/** 1 − (1 − x^a)^b for x in [0, 1]. */
export const kumaraswamyCdf = (x: Input, a: Input, b: Input): tf.Tensor =>
  apply('Kumaraswamy', kumaraswamyCdfKernel, {x, a, b});

/** (1 − x^a)^b. */
export const kumaraswamySurvival = (x: Input, a: Input, b: Input): tf.Tensor =>
  apply('Kumaraswamy', kumaraswamySurvivalKernel, {x, a, b});

/** e^{−z}; where it is infinite, a constant. */
export const expNeg = (z: Input): tf.Tensor => apply('expNeg', expNegKernel, {z});
