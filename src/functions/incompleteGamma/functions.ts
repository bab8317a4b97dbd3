/** The incomplete gamma function's family; all take numbers, arrays or tensors, which broadcast; a > 0 and x >= 0. */
import type * as tf from '@tensorflow/tfjs-core';
import {apply, type MathInput} from '../../kernels/elementwise/apply.js';
import {
  gammaSampleDerivativeDaKernel,
  gammaSampleDerivativeDzKernel,
  gammaSampleDerivativeKernel,
  igammacInvKernel,
  igammacInvSlopeKernel,
  igammacKernel,
  igammaDaaKernel,
  igammaDaKernel,
  igammaInvKernel,
  igammaInvSlopeKernel,
  igammaKernel,
  logGammaSampleDerivativeDaKernel,
  logGammaSampleDerivativeDzKernel,
  logGammaSampleDerivativeKernel,
  lowerKernels,
  upperKernels,
} from './kernels.js';

/**
 * P(a, x) = ∫₀ˣ t^(a−1) e^−t dt / Γ(a), the regularised lower incomplete gamma function; twice differentiable in a.
 * @example
 * ```ts
 * st.math.igamma(1, 2); // 0.8647
 * ```
 */
export function igamma(a: MathInput, x: MathInput): tf.Tensor {
  return apply('igamma', igammaKernel, {a, x});
}

/** Q(a, x) = 1 − P(a, x), the regularised upper incomplete gamma function; twice differentiable in a. */
export function igammac(a: MathInput, x: MathInput): tf.Tensor {
  return apply('igammac', igammacKernel, {a, x});
}

/** ln P(a, x), in the far tail too; twice differentiable in a. */
export function logIgamma(a: MathInput, x: MathInput): tf.Tensor {
  return apply('logIgamma', lowerKernels.log, {a, x});
}

/** ln Q(a, x), in the far tail too; twice differentiable in a. */
export function logIgammac(a: MathInput, x: MathInput): tf.Tensor {
  return apply('logIgammac', upperKernels.log, {a, x});
}

/** ∂P/∂a (order 1) and ∂²P/∂a² (order 2). */
export function igammaShapeDerivative(order: 1 | 2, a: MathInput, x: MathInput): tf.Tensor {
  return apply('igammaShapeDerivative', order === 1 ? igammaDaKernel : igammaDaaKernel, {a, x});
}

/** ∂ ln P/∂a and ∂² ln P/∂a². */
export function logIgammaShapeDerivative(order: 1 | 2, a: MathInput, x: MathInput): tf.Tensor {
  return apply('logIgammaShapeDerivative', order === 1 ? lowerKernels.da : lowerKernels.daa, {a, x});
}

/** ∂ ln Q/∂a and ∂² ln Q/∂a². */
export function logIgammacShapeDerivative(order: 1 | 2, a: MathInput, x: MathInput): tf.Tensor {
  return apply('logIgammacShapeDerivative', order === 1 ? upperKernels.da : upperKernels.daa, {a, x});
}

/** p(x)/P(a, x), the derivative of ln P by x. */
export function gammaLowerHazard(a: MathInput, x: MathInput): tf.Tensor {
  return apply('gammaLowerHazard', lowerKernels.hazard, {a, x});
}

/** p(x)/Q(a, x), the hazard rate of the gamma distribution. */
export function gammaUpperHazard(a: MathInput, x: MathInput): tf.Tensor {
  return apply('gammaUpperHazard', upperKernels.hazard, {a, x});
}

/** The derivative of ln(p/P) (of 'lower') or ln(p/Q) (of 'upper') by a or x. */
export function gammaHazardSlope(of: 'lower' | 'upper', by: 'a' | 'x', a: MathInput, x: MathInput): tf.Tensor {
  return apply('gammaHazardSlope', (of === 'lower' ? lowerKernels : upperKernels).hazardSlope[by], {a, x});
}

/** The x with P(a, x) = p. */
export function igammaInv(a: MathInput, p: MathInput): tf.Tensor {
  return apply('igammaInv', igammaInvKernel, {a, p});
}

/** The x with Q(a, x) = q. */
export function igammacInv(a: MathInput, q: MathInput): tf.Tensor {
  return apply('igammacInv', igammacInvKernel, {a, q});
}

/** 1/p(x) at the x with P(a, x) = p: the slope of `igammaInv` in p. */
export function igammaInvSlope(a: MathInput, p: MathInput): tf.Tensor {
  return apply('igammaInvSlope', igammaInvSlopeKernel, {a, p});
}

/** 1/p(x) at the x with Q(a, x) = q: minus the slope of `igammacInv` in q. */
export function igammacInvSlope(a: MathInput, q: MathInput): tf.Tensor {
  return apply('igammacInvSlope', igammacInvSlopeKernel, {a, q});
}

/**
 * dz/da of a draw z of Gamma(a, 1) at a fixed quantile: −(∂P(a, z)/∂a) / p(z) (Figurnov et al. 2018, equation 7).
 * Differentiable twice, but once only in a.
 */
export function gammaSampleDerivative(a: MathInput, z: MathInput): tf.Tensor {
  return apply('gammaSampleDerivative', gammaSampleDerivativeKernel, {a, z});
}

/** The derivative of `gammaSampleDerivative` by a or by z. */
export function gammaSampleCurvature(by: 'a' | 'z', a: MathInput, z: MathInput): tf.Tensor {
  return apply('gammaSampleCurvature', by === 'a' ? gammaSampleDerivativeDaKernel : gammaSampleDerivativeDzKernel, {
    a,
    z,
  });
}

/**
 * d(ln z)/da of a draw z of Gamma(a, 1) at a fixed quantile, in terms of ln z: z itself may be too small for a number.
 */
export function logGammaSampleDerivative(a: MathInput, logZ: MathInput): tf.Tensor {
  return apply('logGammaSampleDerivative', logGammaSampleDerivativeKernel, {a, logZ});
}

/** The derivative of `logGammaSampleDerivative` by a or by logZ. */
export function logGammaSampleCurvature(by: 'a' | 'logZ', a: MathInput, logZ: MathInput): tf.Tensor {
  return apply(
    'logGammaSampleCurvature',
    by === 'a' ? logGammaSampleDerivativeDaKernel : logGammaSampleDerivativeDzKernel,
    {a, logZ},
  );
}
