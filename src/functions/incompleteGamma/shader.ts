/** The incomplete gamma function for GPUs: as scalar.ts, to float32. */
import {polygamma} from '../gamma/scalar.js';
import {horner} from '../../kernels/elementwise/dialect.js';
import type {ShaderFunction} from '../../kernels/elementwise/definition.js';
import {expm1Shader, log1pShader, logShader} from '../elementary/shader.js';
import {factorial, lgammaPositiveShader, stirlingErrorShader} from '../gamma/shader.js';
import {gammaExponentShader, logMinusDigammaShader} from '../gamma/densityShader.js';
import {integrandShader, shapeShader, tail0Shader} from './tailShader.js';
import {once} from '../../util/once.js';

const HALF_LOG_2PI = 0.5 * Math.log(2 * Math.PI);

/** (ζ(k) − 1)/k with signs, k = 2, 3, …: the series of ln Γ(2 + a). */
const ZETA = once(() => Array.from({length: 12}, (_, i) => polygamma(i + 1, 2) / factorial(i + 2)));

/** ln Γ(1 + a) and, from it, ln(x^a e^−x / Γ(a + 1)). */
export const gammaLeadShader: ShaderFunction = {
  name: 'gammaLead',
  uses: [log1pShader, logShader, lgammaPositiveShader, stirlingErrorShader, gammaExponentShader],
  source: () => `
fn lgamma1p(a: f32) -> f32 {
  if (a > 0.5) { return lgammaPositive(1.0 + a); }
  return a * (0.42278433509846713 + a * ${horner('a', ZETA())}) - log1p(a);
}
fn gammaLead(a: f32, x: f32) -> f32 {
  if (a < 4.0) { return a * safeLog(x) - x - lgamma1p(a); }
  return gammaExponent(x, a) - (0.5 * log(a) + (${HALF_LOG_2PI} + stirlingError(a)));
}`,
};

/** Which form is used, the logarithm of the scale, and Q where it is small because a is. */
export const scaleShader: ShaderFunction = {
  name: 'gammaLogScale',
  uses: [integrandShader, gammaLeadShader, expm1Shader],
  source: () => `
fn gammaLogScale(a: f32, x: f32) -> f32 {
  let lead: f32 = gammaLead(a, x);
  if (gammaByTerms(a, x)) { return lead; }
  return lead + log(a);
}
fn gammaSmallUpper(a: f32, x: f32) -> f32 {
  var term: f32 = 1.0;
  var sum: f32 = 0.0;
  for (var k: i32 = 1; k < 20; k = k + 1) {
    term = -term * x / f32(k);
    sum = sum + term / (a + f32(k));
    if (abs(term) < 1e-9) { break; }
  }
  let u: f32 = a * safeLog(x) - lgamma1p(a);
  return -expm1(u) - exp(u) * a * sum;
}
fn gammaIsBad(a: f32, x: f32) -> bool {
  return !(a >= 0.0) || !(x >= 0.0) || (a == 0.0 && x == 0.0) || (a > 3.4e38 && x > 3.4e38);
}
fn gammaIsLow(a: f32, x: f32) -> bool { return x == 0.0 || a > 3.4e38; }
fn gammaIsHigh(a: f32, x: f32) -> bool { return x > 3.4e38 || a == 0.0; }`,
};

export const atEnds = (below: string, above: string) => `
  if (gammaIsBad(a, x)) { return NAN; }
  if (gammaIsLow(a, x)) { return ${below}; }
  if (gammaIsHigh(a, x)) { return ${above}; }`;

const SMALL = 'a < 0.5 && x <= a + 0.5';

export const igammaShader: ShaderFunction = {
  name: 'igamma',
  uses: [scaleShader, tail0Shader],
  source: () => `
fn igamma(a: f32, x: f32) -> f32 {${atEnds('0.0', '1.0')}
  let size: f32 = exp(gammaLogScale(a, x)) * gammaTail0(a, x);
  return select(1.0 - size, size, x <= a + 0.5);
}`,
};

export const igammacShader: ShaderFunction = {
  name: 'igammac',
  uses: [scaleShader, tail0Shader],
  source: () => `
fn igammac(a: f32, x: f32) -> f32 {${atEnds('1.0', '0.0')}
  if (${SMALL}) { return gammaSmallUpper(a, x); }
  let size: f32 = exp(gammaLogScale(a, x)) * gammaTail0(a, x);
  return select(size, 1.0 - size, x <= a + 0.5);
}`,
};

export const logIgammaShader: ShaderFunction = {
  name: 'logIgamma',
  uses: [scaleShader, tail0Shader],
  source: () => `
fn logIgamma(a: f32, x: f32) -> f32 {${atEnds('-INFINITY', '0.0')}
  if (${SMALL}) {
    let q: f32 = gammaSmallUpper(a, x);
    if (q < 0.5) { return log1p(-q); }
  }
  let scale: f32 = gammaLogScale(a, x);
  let m0: f32 = gammaTail0(a, x);
  if (x <= a + 0.5) { return scale + log(m0); }
  return log1p(-exp(scale) * m0);
}`,
};

export const logIgammacShader: ShaderFunction = {
  name: 'logIgammac',
  uses: [scaleShader, tail0Shader],
  source: () => `
fn logIgammac(a: f32, x: f32) -> f32 {${atEnds('0.0', '-INFINITY')}
  if (${SMALL}) { return log(gammaSmallUpper(a, x)); }
  let scale: f32 = gammaLogScale(a, x);
  let m0: f32 = gammaTail0(a, x);
  if (x <= a + 0.5) { return log1p(-exp(scale) * m0); }
  return scale + log(m0);
}`,
};

function derivativeShader(name: string, order: 1 | 2): ShaderFunction {
  return {
    name,
    uses: [scaleShader, shapeShader],
    source: () => `
fn ${name}(a: f32, x: f32) -> f32 {${atEnds('0.0', '0.0')}
  let value: f32 = exp(gammaLogScale(a, x)) * gammaShape${order}(a, x);
  return select(-value, value, x <= a + 0.5);
}`,
  };
}

export const igammaDaShader = derivativeShader('igammaDa', 1);
export const igammaDaaShader = derivativeShader('igammaDaa', 2);

/** The derivatives of ln z by a at a fixed quantile, and of that by a. */
export const quantileSlopeShader: ShaderFunction = {
  name: 'gammaQuantileSlope',
  uses: [scaleShader, shapeShader],
  source: () => `
fn gammaRelative(a: f32, x: f32) -> f32 {
  let sign: f32 = select(1.0, -1.0, x <= a + 0.5);
  return sign / select(1.0, a, gammaByTerms(a, x));
}
fn gammaQuantileSlope(a: f32, x: f32) -> f32 {
  return gammaRelative(a, x) * gammaShape1(a, x);
}`,
};

export const quantileCurvatureShader: ShaderFunction = {
  name: 'gammaQuantileCurvature',
  uses: [quantileSlopeShader, logMinusDigammaShader],
  source: () => `
fn gammaQuantileCurvature(a: f32, x: f32) -> f32 {
  return gammaRelative(a, x) * gammaShape2(a, x) - gammaQuantileSlope(a, x) * logMinusDigamma(x, a);
}`,
};
