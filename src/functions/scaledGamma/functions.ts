/**
 * The distribution of x when y is gamma of concentration a and y = rate·x, y = e^logRate·x or y = scale/x. One kernel
 * each computes y and then the function of it: in a large concentration, rounding y to float32 first would cost digits
 * of the result.
 */
import * as tf from '@tensorflow/tfjs-core';
import {apply} from '../../kernels/elementwise/apply.js';
import {scaledGammaKernels} from './kernels.js';

/** What the scale parameter b of y is. */
export type GammaScale = 'Rate' | 'LogRate' | 'Scale';

/** The logarithm of the density of x; P and Q of y, and their logarithms. */
export type GammaQuantity = 'LogDensity' | 'Lower' | 'Upper' | 'LogLower' | 'LogUpper';

/** The function `of` at x. */
export const scaledGamma = (of: GammaQuantity, by: GammaScale, x: tf.Tensor, a: tf.Tensor, b: tf.Tensor): tf.Tensor =>
  apply('Gamma', scaledGammaKernels[by][of], {x, a, b});

/** The x whose cdf is p. */
export const scaledGammaQuantile = (by: GammaScale, p: tf.Tensor, a: tf.Tensor, b: tf.Tensor): tf.Tensor =>
  apply('Gamma', scaledGammaKernels[by].Quantile, {p, a, b});

/**
 * The draw x itself, as the function of a and b that keeps its quantile: its derivatives are −(∂F/∂θ)/p (Figurnov et
 * al. 2018, equation 5). A constant in x.
 */
export const scaledGammaDraw = (by: GammaScale, x: tf.Tensor, a: tf.Tensor, b: tf.Tensor): tf.Tensor =>
  apply('Gamma', scaledGammaKernels[by].Draw, {x, a, b});
