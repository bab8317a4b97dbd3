/** The incomplete gamma function's family; all take numbers, arrays or tensors, which broadcast; a > 0 and x >= 0. */
import type * as tf from '@tensorflow/tfjs-core';
import {apply, type MathInput} from './apply.js';

/** P(a, x) = ∫₀ˣ t^(a−1) e^−t dt / Γ(a), the regularised lower incomplete gamma function; twice differentiable in a. */
export function igamma(a: MathInput, x: MathInput): tf.Tensor {
  return apply('igamma', 'StIgamma', {a, x});
}

/** Q(a, x) = 1 − P(a, x), the regularised upper incomplete gamma function; twice differentiable in a. */
export function igammac(a: MathInput, x: MathInput): tf.Tensor {
  return apply('igammac', 'StIgammac', {a, x});
}

/** ln P(a, x), in the far tail too; twice differentiable in a. */
export function logIgamma(a: MathInput, x: MathInput): tf.Tensor {
  return apply('logIgamma', 'StLogIgamma', {a, x});
}

/** ln Q(a, x), in the far tail too; twice differentiable in a. */
export function logIgammac(a: MathInput, x: MathInput): tf.Tensor {
  return apply('logIgammac', 'StLogIgammac', {a, x});
}

/** ∂P/∂a (order 1) and ∂²P/∂a² (order 2). */
export function igammaShapeDerivative(order: 1 | 2, a: MathInput, x: MathInput): tf.Tensor {
  return apply('igammaShapeDerivative', order === 1 ? 'StIgammaDa' : 'StIgammaDaa', {a, x});
}

/** ∂ ln P/∂a and ∂² ln P/∂a². */
export function logIgammaShapeDerivative(order: 1 | 2, a: MathInput, x: MathInput): tf.Tensor {
  return apply('logIgammaShapeDerivative', order === 1 ? 'StLogIgammaDa' : 'StLogIgammaDaa', {a, x});
}

/** ∂ ln Q/∂a and ∂² ln Q/∂a². */
export function logIgammacShapeDerivative(order: 1 | 2, a: MathInput, x: MathInput): tf.Tensor {
  return apply('logIgammacShapeDerivative', order === 1 ? 'StLogIgammacDa' : 'StLogIgammacDaa', {a, x});
}

/** p(x)/P(a, x), the derivative of ln P by x. */
export function gammaLowerHazard(a: MathInput, x: MathInput): tf.Tensor {
  return apply('gammaLowerHazard', 'StGammaLowerHazard', {a, x});
}

/** p(x)/Q(a, x), the hazard rate of the gamma distribution. */
export function gammaUpperHazard(a: MathInput, x: MathInput): tf.Tensor {
  return apply('gammaUpperHazard', 'StGammaUpperHazard', {a, x});
}

/** The derivative of ln(p/P) (of 'lower') or ln(p/Q) (of 'upper') by a or x. */
export function gammaHazardSlope(of: 'lower' | 'upper', by: 'a' | 'x', a: MathInput, x: MathInput): tf.Tensor {
  const [tail, input] = [of === 'lower' ? 'Lower' : 'Upper', by === 'a' ? 'A' : 'X'];
  return apply('gammaHazardSlope', `StGamma${tail}HazardSlope${input}`, {a, x});
}

/** The x with P(a, x) = p. */
export function igammaInv(a: MathInput, p: MathInput): tf.Tensor {
  return apply('igammaInv', 'StIgammaInv', {a, p});
}

/** The x with Q(a, x) = q. */
export function igammacInv(a: MathInput, q: MathInput): tf.Tensor {
  return apply('igammacInv', 'StIgammacInv', {a, q});
}

/** 1/p(x) at the x with P(a, x) = p: the slope of `igammaInv` in p. */
export function igammaInvSlope(a: MathInput, p: MathInput): tf.Tensor {
  return apply('igammaInvSlope', 'StIgammaInvSlope', {a, p});
}

/** 1/p(x) at the x with Q(a, x) = q: minus the slope of `igammacInv` in q. */
export function igammacInvSlope(a: MathInput, q: MathInput): tf.Tensor {
  return apply('igammacInvSlope', 'StIgammacInvSlope', {a, q});
}

/**
 * dz/da of a draw z of Gamma(a, 1) at a fixed quantile: −(∂P(a, z)/∂a) / p(z) (Figurnov et al. 2018, equation 7). Differentiable twice,
 * but once only in a.
 */
export function gammaSampleDerivative(a: MathInput, z: MathInput): tf.Tensor {
  return apply('gammaSampleDerivative', 'StGammaSampleDerivative', {a, z});
}

/** The derivative of `gammaSampleDerivative` by a or by z. */
export function gammaSampleCurvature(by: 'a' | 'z', a: MathInput, z: MathInput): tf.Tensor {
  return apply('gammaSampleCurvature', by === 'a' ? 'StGammaSampleDerivativeDa' : 'StGammaSampleDerivativeDz', {a, z});
}

/** d(ln z)/da of a draw z of Gamma(a, 1) at a fixed quantile, in terms of ln z: z itself may be too small for a number. */
export function logGammaSampleDerivative(a: MathInput, logZ: MathInput): tf.Tensor {
  return apply('logGammaSampleDerivative', 'StLogGammaSampleDerivative', {a, logZ});
}

/** The derivative of `logGammaSampleDerivative` by a or by logZ. */
export function logGammaSampleCurvature(by: 'a' | 'logZ', a: MathInput, logZ: MathInput): tf.Tensor {
  return apply('logGammaSampleCurvature', by === 'a' ? 'StLogGammaSampleDerivativeDa' : 'StLogGammaSampleDerivativeDz', {a, logZ});
}
