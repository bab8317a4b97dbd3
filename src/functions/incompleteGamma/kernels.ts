/** The kernels of this folder's functions, each with its scalar, its shader and its derivatives. */
import * as tf from '@tensorflow/tfjs-core';
import {gammaDensity, gammaScore, logMinusDigamma, polygamma} from '../gamma/index.js';
import {
  gammaHazardSlope,
  gammaLowerHazard,
  gammaSampleCurvature,
  gammaSampleDerivative,
  gammaUpperHazard,
  igammacInv,
  igammacInvSlope,
  igammaInv,
  igammaInvSlope,
  igammaShapeDerivative,
  logGammaSampleCurvature,
  logGammaSampleDerivative,
  logIgammacShapeDerivative,
  logIgammaShapeDerivative,
} from './functions.js';
import * as inverse from './quantileScalar.js';
import * as scalar from './scalar.js';
import type {FunctionKernel} from '../../kernels/elementwise/definition.js';
import * as quantile from './quantileShader.js';
import * as hazards from './hazardsShader.js';
import * as shader from './shader.js';

type TwoInputs = (a: tf.Tensor, x: tf.Tensor) => tf.Tensor;

const density: TwoInputs = (a, x) => gammaDensity(x, a);
const negative =
  (f: TwoInputs): TwoInputs =>
  (a, x) =>
    tf.neg(f(a, x));

/** The first or second derivative by a. */
type OrderedSlope = (order: 1 | 2, a: tf.Tensor, x: tf.Tensor) => tf.Tensor;

/**
 * Kernels of F = P or Q in logarithms: ln F, its two derivatives by a, r = p/F, and the derivatives of ln r by a and x.
 */
interface LogKernels {
  readonly log: FunctionKernel<'a' | 'x'>;
  readonly da: FunctionKernel<'a' | 'x'>;
  readonly daa: FunctionKernel<'a' | 'x'>;
  readonly hazard: FunctionKernel<'a' | 'x'>;
  readonly hazardSlope: {readonly a: FunctionKernel<'a' | 'x'>; readonly x: FunctionKernel<'a' | 'x'>};
}

type Formula = Pick<FunctionKernel<'a' | 'x'>, 'scalar' | 'shader'>;

function logKernels(
  of: 'lower' | 'upper',
  logF: string,
  slope: OrderedSlope,
  formulas: Record<'log' | 'da' | 'daa' | 'hazard' | 'hazardSlopeA' | 'hazardSlopeX', Formula>,
): LogKernels {
  const upper = of === 'upper';
  const hazard = upper ? gammaUpperHazard : gammaLowerHazard;
  const rate: TwoInputs = upper ? negative(hazard) : hazard; // ∂ ln F/∂x
  const byA: TwoInputs = (a, x) => gammaHazardSlope(of, 'a', a, x);
  const byX: TwoInputs = (a, x) => gammaHazardSlope(of, 'x', a, x);
  const curvature: TwoInputs = (a, x) => tf.neg(tf.add(polygamma(1, a), slope(2, a, x))); // of ln r by a
  const mixed: TwoInputs = (a, x) => tf.sub(tf.reciprocal(x), tf.mul(rate(a, x), byA(a, x)));
  const ofHazard = `StGamma${upper ? 'Upper' : 'Lower'}Hazard`;
  const inputs = ['a', 'x'] as const;
  return {
    log: {kernelName: logF, inputs, ...formulas.log, partials: {a: (a, x) => slope(1, a, x), x: rate}},
    da: {
      kernelName: `${logF}Da`,
      inputs,
      ...formulas.da,
      partials: {a: (a, x) => slope(2, a, x), x: (a, x) => tf.mul(rate(a, x), byA(a, x))},
    },
    daa: {
      kernelName: `${logF}Daa`,
      inputs,
      ...formulas.daa,
      partials: {a: 'none', x: (a, x) => tf.mul(rate(a, x), tf.add(tf.square(byA(a, x)), curvature(a, x)))},
    },
    hazard: {
      kernelName: ofHazard,
      inputs,
      ...formulas.hazard,
      partials: {a: (a, x) => tf.mul(hazard(a, x), byA(a, x)), x: (a, x) => tf.mul(hazard(a, x), byX(a, x))},
    },
    hazardSlope: {
      a: {kernelName: `${ofHazard}SlopeA`, inputs, ...formulas.hazardSlopeA, partials: {a: curvature, x: mixed}},
      x: {
        kernelName: `${ofHazard}SlopeX`,
        inputs,
        ...formulas.hazardSlopeX,
        partials: {a: mixed, x: (a, x) => tf.sub(tf.div(tf.div(tf.sub(1, a), x), x), tf.mul(rate(a, x), byX(a, x)))},
      },
    },
  };
}

export const igammaKernel: FunctionKernel<'a' | 'x'> = {
  kernelName: 'StIgamma',
  inputs: ['a', 'x'],
  scalar: scalar.igamma,
  shader: shader.igammaShader,
  partials: {a: (a, x) => igammaShapeDerivative(1, a, x), x: density},
};

export const igammacKernel: FunctionKernel<'a' | 'x'> = {
  kernelName: 'StIgammac',
  inputs: ['a', 'x'],
  scalar: scalar.igammac,
  shader: shader.igammacShader,
  partials: {a: negative((a, x) => igammaShapeDerivative(1, a, x)), x: negative(density)},
};

export const igammaDaKernel: FunctionKernel<'a' | 'x'> = {
  kernelName: 'StIgammaDa',
  inputs: ['a', 'x'],
  scalar: scalar.igammaDa,
  shader: shader.igammaDaShader,
  partials: {a: (a, x) => igammaShapeDerivative(2, a, x), x: (a, x) => tf.mul(density(a, x), logMinusDigamma(x, a))},
};

export const igammaDaaKernel: FunctionKernel<'a' | 'x'> = {
  kernelName: 'StIgammaDaa',
  inputs: ['a', 'x'],
  scalar: scalar.igammaDaa,
  shader: shader.igammaDaaShader,
  partials: {a: 'none', x: (a, x) => tf.mul(density(a, x), tf.sub(tf.square(logMinusDigamma(x, a)), polygamma(1, a)))},
};

export const lowerKernels: LogKernels = /* @__PURE__ */ logKernels('lower', 'StLogIgamma', logIgammaShapeDerivative, {
  log: {scalar: scalar.logIgamma, shader: shader.logIgammaShader},
  da: {scalar: scalar.logIgammaDa, shader: hazards.logIgammaDaShader},
  daa: {scalar: scalar.logIgammaDaa, shader: hazards.logIgammaDaaShader},
  hazard: {scalar: scalar.lowerHazard, shader: hazards.lowerHazardShader},
  hazardSlopeA: {scalar: (a, x) => scalar.hazardSlopeA(false, a, x), shader: hazards.lowerHazardSlopeAShader},
  hazardSlopeX: {scalar: (a, x) => scalar.hazardSlopeX(false, a, x), shader: hazards.lowerHazardSlopeXShader},
});

export const upperKernels: LogKernels = /* @__PURE__ */ logKernels('upper', 'StLogIgammac', logIgammacShapeDerivative, {
  log: {scalar: scalar.logIgammac, shader: shader.logIgammacShader},
  da: {scalar: scalar.logIgammacDa, shader: hazards.logIgammacDaShader},
  daa: {scalar: scalar.logIgammacDaa, shader: hazards.logIgammacDaaShader},
  hazard: {scalar: scalar.upperHazard, shader: hazards.upperHazardShader},
  hazardSlopeA: {scalar: (a, x) => scalar.hazardSlopeA(true, a, x), shader: hazards.upperHazardSlopeAShader},
  hazardSlopeX: {scalar: (a, x) => scalar.hazardSlopeX(true, a, x), shader: hazards.upperHazardSlopeXShader},
});

export const igammaInvKernel: FunctionKernel<'a' | 'p'> = {
  kernelName: 'StIgammaInv',
  inputs: ['a', 'p'],
  scalar: inverse.igammaInv,
  shader: quantile.igammaInvShader,
  partials: {a: (a, p) => gammaSampleDerivative(a, igammaInv(a, p)), p: (a, p) => igammaInvSlope(a, p)},
};

export const igammacInvKernel: FunctionKernel<'a' | 'q'> = {
  kernelName: 'StIgammacInv',
  inputs: ['a', 'q'],
  scalar: inverse.igammacInv,
  shader: quantile.igammacInvShader,
  partials: {a: (a, q) => gammaSampleDerivative(a, igammacInv(a, q)), q: (a, q) => tf.neg(igammacInvSlope(a, q))},
};

export const igammaInvSlopeKernel: FunctionKernel<'a' | 'p'> = {
  kernelName: 'StIgammaInvSlope',
  inputs: ['a', 'p'],
  scalar: inverse.igammaInvSlope,
  shader: quantile.igammaInvSlopeShader,
  partials: {
    a: (a, p) => slopeByShape(a, igammaInv(a, p), igammaInvSlope(a, p)),
    p: (a, p) => slopeAgain(a, igammaInv(a, p), igammaInvSlope(a, p)),
  },
};

export const igammacInvSlopeKernel: FunctionKernel<'a' | 'q'> = {
  kernelName: 'StIgammacInvSlope',
  inputs: ['a', 'q'],
  scalar: inverse.igammacInvSlope,
  shader: quantile.igammacInvSlopeShader,
  partials: {
    a: (a, q) => slopeByShape(a, igammacInv(a, q), igammacInvSlope(a, q)),
    q: (a, q) => tf.neg(slopeAgain(a, igammacInv(a, q), igammacInvSlope(a, q))),
  },
};

export const gammaSampleDerivativeKernel: FunctionKernel<'a' | 'z'> = {
  kernelName: 'StGammaSampleDerivative',
  inputs: ['a', 'z'],
  scalar: inverse.gammaSampleDerivative,
  shader: quantile.gammaSampleDerivativeShader,
  partials: {a: (a, z) => gammaSampleCurvature('a', a, z), z: (a, z) => gammaSampleCurvature('z', a, z)},
};

export const gammaSampleDerivativeDaKernel: FunctionKernel<'a' | 'z'> = {
  kernelName: 'StGammaSampleDerivativeDa',
  inputs: ['a', 'z'],
  scalar: inverse.gammaSampleDerivativeDa,
  shader: quantile.gammaSampleDerivativeDaShader,
  partials: {a: 'none', z: (a, z) => mixedCurvature(a, z)},
};

export const gammaSampleDerivativeDzKernel: FunctionKernel<'a' | 'z'> = {
  kernelName: 'StGammaSampleDerivativeDz',
  inputs: ['a', 'z'],
  scalar: inverse.gammaSampleDerivativeDz,
  shader: quantile.gammaSampleDerivativeDzShader,
  partials: {
    a: (a, z) => mixedCurvature(a, z),
    // −1/z − g′s − g s′ for the derivative g and the score s = (a − 1)/z − 1
    z: (a, z) =>
      tf.sub(
        tf.div(tf.sub(tf.mul(gammaSampleDerivative(a, z), tf.div(tf.sub(a, 1), z)), 1), z),
        tf.mul(gammaSampleCurvature('z', a, z), gammaScore(z, a)),
      ),
  },
};

export const logGammaSampleDerivativeKernel: FunctionKernel<'a' | 'logZ'> = {
  kernelName: 'StLogGammaSampleDerivative',
  inputs: ['a', 'logZ'],
  scalar: inverse.logGammaSampleDerivative,
  shader: quantile.logGammaSampleDerivativeShader,
  partials: {a: (a, y) => logGammaSampleCurvature('a', a, y), logZ: (a, y) => logGammaSampleCurvature('logZ', a, y)},
};

export const logGammaSampleDerivativeDaKernel: FunctionKernel<'a' | 'logZ'> = {
  kernelName: 'StLogGammaSampleDerivativeDa',
  inputs: ['a', 'logZ'],
  scalar: inverse.logGammaSampleDerivativeDa,
  shader: quantile.logGammaSampleDerivativeDaShader,
  partials: {a: 'none', logZ: (a, y) => mixedLogCurvature(a, y)},
};

export const logGammaSampleDerivativeDzKernel: FunctionKernel<'a' | 'logZ'> = {
  kernelName: 'StLogGammaSampleDerivativeDz',
  inputs: ['a', 'logZ'],
  scalar: inverse.logGammaSampleDerivativeDz,
  shader: quantile.logGammaSampleDerivativeDzShader,
  partials: {
    a: (a, y) => mixedLogCurvature(a, y),
    // the derivative of ψ(a) − y − k (a − e^y)
    logZ: (a, y) => {
      const z = tf.exp(y);
      return tf.sub(
        tf.sub(tf.mul(logGammaSampleDerivative(a, y), z), 1),
        tf.mul(logGammaSampleCurvature('logZ', a, y), tf.sub(a, z)),
      );
    },
  },
};

/** The derivative of ψ(a) − ln z − g·((a − 1)/z − 1) by a. */
function mixedCurvature(a: tf.Tensor, z: tf.Tensor): tf.Tensor {
  const moved = tf.add(
    tf.mul(gammaSampleCurvature('a', a, z), gammaScore(z, a)),
    tf.div(gammaSampleDerivative(a, z), z),
  );
  return tf.sub(polygamma(1, a), moved);
}

/** The derivative of ψ(a) − y − k·(a − e^y) by a. */
function mixedLogCurvature(a: tf.Tensor, y: tf.Tensor): tf.Tensor {
  const moved = tf.add(
    tf.mul(logGammaSampleCurvature('a', a, y), tf.sub(a, tf.exp(y))),
    logGammaSampleDerivative(a, y),
  );
  return tf.sub(polygamma(1, a), moved);
}

/** The derivative of the slope s = 1/p(x) by a at a fixed quantile: s·∂(dx/da)/∂x. */
function slopeByShape(a: tf.Tensor, x: tf.Tensor, slope: tf.Tensor): tf.Tensor {
  return tf.mul(slope, gammaSampleCurvature('z', a, x));
}

/** The derivative of the slope s = 1/p(x) by P: −s² p'(x)/p(x). */
function slopeAgain(a: tf.Tensor, x: tf.Tensor, slope: tf.Tensor): tf.Tensor {
  return tf.neg(tf.mul(tf.square(slope), gammaScore(x, a)));
}
