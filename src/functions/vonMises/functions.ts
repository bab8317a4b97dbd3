/**
 * The von Mises distribution: p(x) = e^{κ cos x} / (2π I₀(κ)) on [−π, π], concentration κ >= 0. All take numbers,
 * arrays or tensors, which broadcast.
 */
import * as tf from '@tensorflow/tfjs-core';
import {floatTensor} from '../../util/numbers.js';
import {apply, type MathInput} from '../../kernels/elementwise/apply.js';
import {i0e} from '../bessel/index.js';
import {
  sineKernel,
  versineKernel,
  vonMisesCdfKernel,
  vonMisesDensityKernel,
  vonMisesLogCdfKernel,
  vonMisesSampleCurvatureKernel,
  vonMisesSampleDerivativeKernel,
} from './kernels.js';

/** sin x, also small ones on GPUs, whose sine has an absolute error. */
export function sine(x: MathInput): tf.Tensor {
  return apply('sine', sineKernel, {x});
}

/** 1 − cos x. */
export function versine(x: MathInput): tf.Tensor {
  return apply('versine', versineKernel, {x});
}

/** ln p(x) = −κ(1 − cos x) − ln(2π e^{−κ} I₀(κ)). */
export function vonMisesLogDensity(x: MathInput, concentration: MathInput): tf.Tensor {
  return tf.tidy(() => {
    const kappa = floatTensor('vonMisesLogDensity', 'concentration', concentration);
    return tf.sub(tf.neg(tf.mul(kappa, versine(x))), tf.add(tf.log(i0e(kappa)), Math.log(2 * Math.PI)));
  });
}

/** p(x). */
export function vonMisesDensity(x: MathInput, concentration: MathInput): tf.Tensor {
  return apply('vonMisesDensity', vonMisesDensityKernel, {x, concentration});
}

/** F(x) = ∫ p from −π to x: 0 from −π down, 1 from π up. */
export function vonMisesCdf(x: MathInput, concentration: MathInput): tf.Tensor {
  return apply('vonMisesCdf', vonMisesCdfKernel, {x, concentration});
}

/** ln F(x), also where F(x) is too small for a number. */
export function vonMisesLogCdf(x: MathInput, concentration: MathInput): tf.Tensor {
  return apply('vonMisesLogCdf', vonMisesLogCdfKernel, {x, concentration});
}

/**
 * dz/dκ = −(∂F/∂κ)/p(z): how a sample z moves with the concentration at a fixed quantile. Differentiable in z and once
 * in κ.
 */
export function vonMisesSampleDerivative(concentration: MathInput, z: MathInput): tf.Tensor {
  return apply('vonMisesSampleDerivative', vonMisesSampleDerivativeKernel, {concentration, z});
}

/** The partial derivative of `vonMisesSampleDerivative` by κ; not differentiable. */
export function vonMisesSampleCurvature(concentration: MathInput, z: MathInput): tf.Tensor {
  return apply('vonMisesSampleCurvature', vonMisesSampleCurvatureKernel, {concentration, z});
}
