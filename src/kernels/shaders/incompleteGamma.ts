/** The incomplete gamma function for GPUs: as math/scalar/incompleteGamma.ts, to float32. */
import {polygamma} from '../../math/scalar/gamma.js';
import {gaussLegendre} from '../../math/scalar/quadrature.js';
import {horner, literal} from '../elementwise/dialect.js';
import type {ShaderFunction} from '../elementwise/definition.js';
import {expm1Shader, log1pShader, logShader} from './elementary.js';
import {digammaShader, lgammaPositiveShader, polygammaShader, stirlingErrorShader} from './gamma.js';
import {gammaExponentShader, gammaLogDensityShader, logMinusDigammaShader} from './gammaDensity.js';

const HALF_LOG_2PI = 0.5 * Math.log(2 * Math.PI);
const RULE = gaussLegendre(16);
const NEGLIGIBLE = 17;

const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));

/** (ζ(k) − 1)/k with signs, k = 2, 3, …: the series of ln Γ(2 + a). */
const ZETA = Array.from({length: 12}, (_, i) => polygamma(i + 1, 2) / factorial(i + 2));

/** ln Γ(1 + a) and, from it, ln(x^a e^−x / Γ(a + 1)). */
export const gammaLeadShader: ShaderFunction = {
  name: 'gammaLead',
  uses: [log1pShader, logShader, lgammaPositiveShader, stirlingErrorShader, gammaExponentShader],
  source: `
fn lgamma1p(a: f32) -> f32 {
  if (a > 0.5) { return lgammaPositive(1.0 + a); }
  return a * (0.42278433509846713 + a * ${horner('a', ZETA)}) - log1p(a);
}
fn gammaLead(a: f32, x: f32) -> f32 {
  if (a < 4.0) { return a * safeLog(x) - x - lgamma1p(a); }
  return gammaExponent(x, a) - (0.5 * log(a) + (${HALF_LOG_2PI} + stirlingError(a)));
}`,
};

/** Where the integrand is small enough to stop, and the integrand without its moment. */
const integrandShader: ShaderFunction = {
  name: 'gammaDecay',
  uses: [log1pShader],
  source: `
fn gammaHypotenuse(p: f32, q: f32) -> f32 {
  let most: f32 = max(p, q);
  let r: f32 = min(p, q) / most;
  return most * sqrt(1.0 + r * r);
}
fn gammaUpperEnd(a: f32, x: f32) -> f32 {
  let c: f32 = max(x - a, 0.0);
  var v: f32 = ${2 * NEGLIGIBLE}.0 / (c + gammaHypotenuse(c, sqrt(${2 * NEGLIGIBLE}.0 * x)));
  for (var i: i32 = 0; i < 3; i = i + 1) { v = min(v, log1p((${NEGLIGIBLE}.0 + a * v) / x)); }
  return v;
}
fn gammaLowerEnd(a: f32, x: f32) -> f32 {
  let c: f32 = max(a - x, 0.0);
  let near: f32 = ${2 * NEGLIGIBLE}.0 / (c + gammaHypotenuse(c, sqrt(${literal(4 / 3 * NEGLIGIBLE)} * x)));
  if (near <= 1.0) { return near; }
  return (${NEGLIGIBLE}.0 + x) / a;
}
fn gammaDecay(a: f32, x: f32, v: f32) -> f32 {
  var convex: f32 = exp(v) - 1.0 - v;
  if (abs(v) < 0.7) { convex = v * v * ${horner('v', [2, 3, 4, 5, 6, 7, 8, 9, 10].map(k => 1 / factorial(k)))}; }
  return exp((a - x) * v - x * convex);
}`,
};

/** m0, m1 or m2 of the smaller tail, each a program part of its own: most kernels need one only. */
function momentShader(order: 0 | 1 | 2): ShaderFunction {
  const moment = ['1.0', '(l + v + pole)', '((l + v) * (l + v + 2.0 * pole) - trigamma)'][order]!;
  const sums = ['s0', 'l * s0 + s1', '(l * l - trigamma) * s0 + 2.0 * l * s1 + s2'][order]!;
  return {
    name: `gammaTail${order}`,
    uses: [integrandShader, ...(order > 0 ? [digammaShader, logShader, logMinusDigammaShader] : []), ...(order > 1 ? [polygammaShader] : [])],
    source: `
fn gammaWeighed${order}(a: f32, x: f32, l: f32, pole: f32, trigamma: f32, v: f32) -> f32 {
  return gammaDecay(a, x, v) * ${moment};
}
fn gammaTail${order}(a: f32, x: f32) -> f32 {
  var l: f32 = 0.0;
  var trigamma: f32 = 0.0;
  if (x <= a + 0.5 && (a < 10.0 || x < 0.5 * a)) {
    ${order > 0 ? 'l = safeLog(x) - digamma(a + 1.0);' : ''}
    ${order > 1 ? 'trigamma = polygamma(1.0, a + 1.0);' : ''}
    var term: f32 = 1.0;
    var s0: f32 = 1.0;
    var s1: f32 = 0.0;
    var s2: f32 = 0.0;
    var h1: f32 = 0.0;
    var h2: f32 = 0.0;
    for (var k: i32 = 1; k < 80; k = k + 1) {
      let r: f32 = 1.0 / (a + f32(k));
      term = term * (x * r);
      s0 = s0 + term;
      h1 = h1 + r;
      h2 = h2 + r * r;
      s1 = s1 - term * h1;
      s2 = s2 + term * (h1 * h1 + h2);
      if (term < 1e-8 * s0) { break; }
    }
    return ${sums};
  }
  var pole: f32 = 0.0;
  ${order > 0 ? 'if (a < 1.0) { pole = 1.0 / a; l = safeLog(x) - digamma(a + 1.0); } else { l = logMinusDigamma(x, a); }' : ''}
  ${order > 1 ? 'trigamma = polygamma(1.0, select(a, a + 1.0, a < 1.0));' : ''}
  var end: f32 = 0.0;
  if (x <= a + 0.5) { end = -gammaLowerEnd(a, x); } else { end = gammaUpperEnd(a, x); }
  var sum: f32 = 0.0;
  ${RULE.nodes.map((node, i) => `sum = sum + ${literal(RULE.weights[i]!)} * gammaWeighed${order}(a, x, l, pole, trigamma, end * ${literal(node)});`).join('\n  ')}
  return abs(end) * sum;
}`,
  };
}

const [tail0, tail1, tail2] = [momentShader(0), momentShader(1), momentShader(2)] as const;

/** Which form is used, the logarithm of the scale, and Q where it is small because a is. */
const scaleShader: ShaderFunction = {
  name: 'gammaLogScale',
  uses: [gammaLeadShader, expm1Shader],
  source: `
fn gammaByTerms(a: f32, x: f32) -> bool {
  return x <= a + 0.5 && (a < 10.0 || x < 0.5 * a);
}
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

const atEnds = (below: string, above: string) => `
  if (gammaIsBad(a, x)) { return NAN; }
  if (gammaIsLow(a, x)) { return ${below}; }
  if (gammaIsHigh(a, x)) { return ${above}; }`;

const SMALL = 'a < 0.5 && x <= a + 0.5';

export const igammaShader: ShaderFunction = {
  name: 'igamma',
  uses: [scaleShader, tail0],
  source: `
fn igamma(a: f32, x: f32) -> f32 {${atEnds('0.0', '1.0')}
  let size: f32 = exp(gammaLogScale(a, x)) * gammaTail0(a, x);
  return select(1.0 - size, size, x <= a + 0.5);
}`,
};

export const igammacShader: ShaderFunction = {
  name: 'igammac',
  uses: [scaleShader, tail0],
  source: `
fn igammac(a: f32, x: f32) -> f32 {${atEnds('1.0', '0.0')}
  if (${SMALL}) { return gammaSmallUpper(a, x); }
  let size: f32 = exp(gammaLogScale(a, x)) * gammaTail0(a, x);
  return select(size, 1.0 - size, x <= a + 0.5);
}`,
};

export const logIgammaShader: ShaderFunction = {
  name: 'logIgamma',
  uses: [scaleShader, tail0],
  source: `
fn logIgamma(a: f32, x: f32) -> f32 {${atEnds('-INFINITY', '0.0')}
  let scale: f32 = gammaLogScale(a, x);
  let m0: f32 = gammaTail0(a, x);
  if (x <= a + 0.5) { return scale + log(m0); }
  return log1p(-exp(scale) * m0);
}`,
};

export const logIgammacShader: ShaderFunction = {
  name: 'logIgammac',
  uses: [scaleShader, tail0],
  source: `
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
    uses: [scaleShader, order === 1 ? tail1 : tail2],
    source: `
fn ${name}(a: f32, x: f32) -> f32 {${atEnds('0.0', '0.0')}
  let value: f32 = exp(gammaLogScale(a, x)) * gammaTail${order}(a, x);
  return select(-value, value, x <= a + 0.5);
}`,
  };
}

export const igammaDaShader = derivativeShader('igammaDa', 1);
export const igammaDaaShader = derivativeShader('igammaDaa', 2);

/** ∂ ln P/∂a or ∂ ln Q/∂a: within the tail a ratio of moments, else by what the other tail lacks. */
function logSlopeShader(name: string, upper: boolean, order: 1 | 2): ShaderFunction {
  const [below, above] = upper ? ['0.0', order === 1 ? 'INFINITY' : 'NAN'] : [order === 1 ? '-INFINITY' : 'NAN', '0.0'];
  const whole = upper ? igammacShader : igammaShader;
  return {
    name,
    uses: [scaleShader, whole, tail0, tail1, ...(order === 2 ? [tail2] : [])],
    source: `
fn ${name}(a: f32, x: f32) -> f32 {${atEnds(below, above)}
  var scale: f32 = 1.0;
  var size: f32 = 1.0;
  if (x ${upper ? '<=' : '>'} a + 0.5) {
    scale = -exp(gammaLogScale(a, x));
    size = ${whole.name}(a, x);
  } else {
    size = gammaTail0(a, x);
  }
  let r: f32 = scale * gammaTail1(a, x) / size;
  return ${order === 1 ? 'r' : 'scale * gammaTail2(a, x) / size - r * r'};
}`,
  };
}

export const logIgammaDaShader = logSlopeShader('logIgammaDa', false, 1);
export const logIgammaDaaShader = logSlopeShader('logIgammaDaa', false, 2);
export const logIgammacDaShader = logSlopeShader('logIgammacDa', true, 1);
export const logIgammacDaaShader = logSlopeShader('logIgammacDaa', true, 2);

function hazardShader(name: string, upper: boolean, low: string, high: string): ShaderFunction {
  const whole = upper ? igammacShader : igammaShader;
  return {
    name,
    uses: [scaleShader, whole, tail0, gammaLogDensityShader],
    source: `
fn ${name}(a: f32, x: f32) -> f32 {${atEnds(low, high)}
  if (x ${upper ? '>' : '<='} a + 0.5) {
    let r: f32 = 1.0 / (x * gammaTail0(a, x));
    return select(r, r * a, gammaByTerms(a, x));
  }
  return exp(gammaLogDensity(x, a)) / ${whole.name}(a, x);
}`,
  };
}

export const lowerHazardShader = hazardShader('gammaLowerHazard', false, 'INFINITY', '0.0');
export const upperHazardShader = hazardShader('gammaUpperHazard', true, 'exp(gammaLogDensity(0.0, a))', '1.0');

/** The derivatives of ln z by a at a fixed quantile, and of that by a. */
export const quantileSlopeShader: ShaderFunction = {
  name: 'gammaQuantileSlope',
  uses: [scaleShader, tail1],
  source: `
fn gammaRelative(a: f32, x: f32) -> f32 {
  let sign: f32 = select(1.0, -1.0, x <= a + 0.5);
  return sign / select(1.0, a, gammaByTerms(a, x));
}
fn gammaQuantileSlope(a: f32, x: f32) -> f32 {
  return gammaRelative(a, x) * gammaTail1(a, x);
}`,
};

export const quantileCurvatureShader: ShaderFunction = {
  name: 'gammaQuantileCurvature',
  uses: [quantileSlopeShader, tail2, logMinusDigammaShader],
  source: `
fn gammaQuantileCurvature(a: f32, x: f32) -> f32 {
  return gammaRelative(a, x) * gammaTail2(a, x) - gammaQuantileSlope(a, x) * logMinusDigamma(x, a);
}`,
};
