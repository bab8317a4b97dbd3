/** The error function's family and the normal distribution for GPUs; src/functions/normal/scalar.ts has the sources. */
import {ERF, ERF_SMALL, ERFC_LARGE, ERFCX, ERFCX_FAR, ERFCX_FRACTION, type Rational} from './scalar.js';
import type {ShaderFunction} from '../../kernels/elementwise/definition.js';
import {horner, literal} from '../../kernels/elementwise/dialect.js';
import {log1pShader} from '../elementary/shader.js';

const SQRT_2PI = Math.sqrt(2 * Math.PI);
const TWO_OVER_SQRT_PI = 2 / Math.sqrt(Math.PI);

/** A quotient of polynomials as an expression. */
export const quotient = (x: string, {above, below}: Rational) => `${horner(x, above)} / ${horner(x, below)}`;

/** e^{factor x²} for |x| <= 20: a part of |x| with few digits, whose square is exact, and what remains. */
const gaussian = (name: string, factor: string, beyond: string): ShaderFunction => ({
  name,
  source: () => `
fn ${name}(x: f32) -> f32 {
  let a: f32 = abs(x);
  if (a > 20.0) { return ${beyond}; }
  let coarse: f32 = floor(a * 16.0) / 16.0;
  return exp(${factor} * coarse * coarse) * exp(${factor} * (a - coarse) * (a + coarse));
}`,
});
export const expNegSquareShader = gaussian('expNegSquare', '-1.0', '0.0');
const expNegHalfSquareShader = gaussian('expNegHalfSquare', '-0.5', '0.0');
const expSquareShader = gaussian('expSquare', '1.0', 'INFINITY');

export const densityShader: ShaderFunction = {
  name: 'normalDensity',
  uses: [expNegHalfSquareShader],
  source: () => `
fn normalDensity(x: f32) -> f32 {
  return expNegHalfSquare(x) * ${1 / SQRT_2PI};
}`,
};

/** erf for |x| <= 0.46875. */
const erfNearShader: ShaderFunction = {
  name: 'erfNear',
  source: () => `
fn erfNear(x: f32) -> f32 {
  let t: f32 = x * x;
  return x * (${quotient('t', ERF)});
}`,
};

/** e^{x²} erfc(x) for x >= 0.46875. */
const erfcxFarShader: ShaderFunction = {
  name: 'erfcxFar',
  source: () => `
fn erfcxFar(x: f32) -> f32 {
  if (x <= ${literal(ERFC_LARGE)}) { return ${quotient('x', ERFCX)}; }
  let z: f32 = 1.0 / x / x;
  return (${1 / Math.sqrt(Math.PI)} - z * ${quotient('z', ERFCX_FAR)}) / x;
}`,
};

export const erfcxShader: ShaderFunction = {
  name: 'erfcx',
  uses: [erfNearShader, erfcxFarShader, expSquareShader],
  source: () => `
fn erfcx(x: f32) -> f32 {
  if (abs(x) <= ${ERF_SMALL}) { return exp(x * x) * (1.0 - erfNear(x)); }
  if (x > 0.0) { return erfcxFar(x); }
  return 2.0 * expSquare(x) - erfcxFar(-x);
}`,
};

export const erfcShader: ShaderFunction = {
  name: 'erfc',
  uses: [erfNearShader, erfcxFarShader, expNegSquareShader],
  source: () => `
fn erfc(x: f32) -> f32 {
  let a: f32 = abs(x);
  if (a <= ${ERF_SMALL}) { return 1.0 - erfNear(x); }
  if (a > 20.0) { return 1.0 - sign(x); }
  let tail: f32 = expNegSquare(a) * erfcxFar(a);
  if (x < 0.0) { return 2.0 - tail; }
  return tail;
}`,
};

export const erfShader: ShaderFunction = {
  name: 'erf',
  uses: [erfcShader],
  source: () => `
fn erf(x: f32) -> f32 {
  if (abs(x) <= ${ERF_SMALL}) { return erfNear(x); }
  return 1.0 - erfc(x);
}`,
};

/** Not by erfc: rounding x/√2 would show. */
export const ndtrShader: ShaderFunction = {
  name: 'ndtr',
  uses: [erfNearShader, erfcxFarShader, expNegHalfSquareShader],
  source: () => `
fn ndtr(x: f32) -> f32 {
  let a: f32 = abs(x) * ${Math.SQRT1_2};
  if (a <= ${ERF_SMALL}) { return 0.5 + 0.5 * erfNear(x * ${Math.SQRT1_2}); }
  if (a > 20.0) { return 0.5 + 0.5 * sign(x); }
  let tail: f32 = 0.5 * expNegHalfSquare(x) * erfcxFar(a);
  if (x < 0.0) { return tail; }
  return 1.0 - tail;
}`,
};

export const logNdtrShader: ShaderFunction = {
  name: 'logNdtr',
  uses: [log1pShader, ndtrShader],
  source: () => `
fn logNdtr(x: f32) -> f32 {
  if (x > -1.0) { return log1p(-ndtr(-x)); }
  if (x < -1e19) { return -0.5 * x * x; }
  return log(0.5 * erfcxFar(-x * ${Math.SQRT1_2})) - 0.5 * x * x;
}`,
};

/** Derivative n over derivative n − 1 of erfcx, x >= 1.5. */
const erfcxRatioShader: ShaderFunction = {
  name: 'erfcxRatio',
  source: () => `
fn erfcxRatio(x: f32, n: f32) -> f32 {
  var m: f32 = n + 16.0;
  var ratio: f32 = -2.0 * m / (x + sqrt(x * x + 2.0 * m));
  for (var i: i32 = 0; i < 16; i = i + 1) {
    m = m - 1.0;
    ratio = 2.0 * m / (ratio - 2.0 * x);
  }
  return ratio;
}`,
};

export const erfcxDerivativeShader: ShaderFunction = {
  name: 'erfcxDerivative',
  uses: [erfcxShader, erfcxRatioShader],
  source: () => `
fn erfcxDerivative(x: f32, n: f32) -> f32 {
  if (isnan(x) || isnan(n)) { return NAN; }
  var value: f32 = erfcx(x);
  var previous: f32 = 0.0;
  var m: f32 = 0.0;
  while (m < n) {
    if (x >= ${ERFCX_FRACTION}) {
      value = value * erfcxRatio(x, m + 1.0);
    } else {
      let following: f32 = 2.0 * x * value + 2.0 * m * previous;
      previous = value;
      value = following;
      if (m == 0.0) { value = value - ${TWO_OVER_SQRT_PI}; }
    }
    m = m + 1.0;
  }
  return value;
}`,
};

export const hazardShader: ShaderFunction = {
  name: 'normalHazard',
  uses: [densityShader, ndtrShader, erfcxShader],
  source: () => `
fn normalHazard(x: f32) -> f32 {
  if (x > 0.0) { return normalDensity(x) / ndtr(x); }
  return ${2 / SQRT_2PI} / erfcx(-x * ${Math.SQRT1_2});
}`,
};

export const hazardExcessShader: ShaderFunction = {
  name: 'normalHazardExcess',
  uses: [hazardShader, erfcxRatioShader],
  source: () => `
fn normalHazardExcess(x: f32) -> f32 {
  let u: f32 = -x * ${Math.SQRT1_2};
  if (u >= ${ERFCX_FRACTION}) { return -erfcxRatio(u, 1.0) * ${Math.SQRT1_2}; }
  return x + normalHazard(x);
}`,
};
