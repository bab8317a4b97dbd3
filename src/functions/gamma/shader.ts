/** The gamma function's family for GPUs, to float32. */
import {BERNOULLI, polygamma} from './scalar.js';
import {horner, literal} from '../../kernels/elementwise/dialect.js';
import type {ShaderFunction} from '../../kernels/elementwise/definition.js';
import {log1pShader, logShader} from '../elementary/shader.js';
import {once} from '../../util/once.js';

const HALF_LOG_2PI = 0.5 * Math.log(2 * Math.PI);

/** Coefficients of Stirling's series in 1/x². */
const STIRLING = BERNOULLI.slice(0, 6).map((b, i) => b / ((2 * i + 2) * (2 * i + 1)));

/** 1/3, 1/5, …: (artanh t)/t = 1 + t²/3 + …, where t = 1/(2x + 1) gives (x + ½) ln(1 + 1/x). */
const ARTANH = Array.from({length: 11}, (_, i) => 1 / (2 * i + 3));

/** ζ(k) − 1 for k = 2, 3, … */
const ZETA = once(() => Array.from({length: 13}, (_, i) => Math.abs(polygamma(i + 1, 2)) / factorial(i + 1)));

const EULER = 0.5772156649015329;

/** n! */
export function factorial(n: number): number {
  return n < 2 ? 1 : n * factorial(n - 1);
}

/** sin(πx) and cos(πx) without the error that GPUs allow themselves. */
const sinPiShader: ShaderFunction = {
  name: 'sinPi',
  source: () => `
fn sinPi(x: f32) -> f32 {
  let r: f32 = x - 2.0 * floor(0.5 * x + 0.5);
  let far: bool = abs(r) > 0.5;
  let q: f32 = select(r, select(-1.0 - r, 1.0 - r, r > 0.0), far);
  let t: f32 = q * q;
  return q * ${horner(
    't',
    [0, 1, 2, 3, 4, 5, 6].map(k => ((-1) ** k * Math.PI ** (2 * k + 1)) / factorial(2 * k + 1)),
  )};
}
fn cosPi(x: f32) -> f32 {
  return sinPi(0.5 - abs(x - 2.0 * floor(0.5 * x + 0.5)));
}`,
};

/** x^m for a whole m. */
export const wholePowerShader: ShaderFunction = {
  name: 'wholePower',
  source: () => `
fn wholePower(x: f32, m: f32) -> f32 {
  if (m > 24.0) { return pow(x, m); }
  var product: f32 = 1.0;
  for (var i: i32 = 0; i < 24; i = i + 1) {
    if (f32(i) >= m) { break; }
    product = product * x;
  }
  return product;
}
fn factorial(n: f32) -> f32 {
  var product: f32 = 1.0;
  for (var i: i32 = 2; i < 36; i = i + 1) {
    if (f32(i) > n) { break; }
    product = product * f32(i);
  }
  return product;
}
fn parity(n: f32) -> f32 {
  return 1.0 - 2.0 * (n - 2.0 * floor(0.5 * n));
}`,
};

export const stirlingErrorShader: ShaderFunction = {
  name: 'stirlingError',
  uses: [log1pShader],
  source: () => `
fn stirlingError(x: f32) -> f32 {
  if (!(x > 0.0)) { return select(NAN, INFINITY, x == 0.0); }
  var y: f32 = x;
  var near: f32 = 0.0;
  if (y < 0.5) {
    near = (y + 0.5) * log1p(1.0 / y) - 1.0;
    y = y + 1.0;
  }
  for (var i: i32 = 0; i < 4; i = i + 1) {
    if (y >= 4.0) { break; }
    let t: f32 = 1.0 / (2.0 * y + 1.0);
    let t2: f32 = t * t;
    near = near + t2 * ${horner('t2', ARTANH)};
    y = y + 1.0;
  }
  let r: f32 = 1.0 / y;
  let r2: f32 = r * r;
  return near + r * ${horner('r2', STIRLING)};
}`,
};

/** The derivative of stirlingError. */
export const stirlingSlopeShader: ShaderFunction = {
  name: 'stirlingSlope',
  uses: [log1pShader],
  source: () => `
fn stirlingSlope(x: f32) -> f32 {
  if (!(x > 0.0)) { return select(NAN, -INFINITY, x == 0.0); }
  var y: f32 = x;
  var near: f32 = 0.0;
  if (y < 0.5) {
    near = log1p(1.0 / y) - 0.5 * (1.0 / y + 1.0 / (y + 1.0));
    y = y + 1.0;
  }
  for (var i: i32 = 0; i < 4; i = i + 1) {
    if (y >= 4.0) { break; }
    let t: f32 = 1.0 / (2.0 * y + 1.0);
    let t2: f32 = t * t;
    near = near - t * t2 * ${horner(
      't2',
      ARTANH.map((c, i) => 4 * (i + 1) * c),
    )};
    y = y + 1.0;
  }
  let r: f32 = 1.0 / y;
  let r2: f32 = r * r;
  return near - r2 * ${horner(
    'r2',
    STIRLING.map((c, i) => (2 * i + 1) * c),
  )};
}`,
};

export const stirlingErrorDerivativeShader: ShaderFunction = {
  name: 'stirlingErrorDerivative',
  uses: [stirlingErrorShader, stirlingSlopeShader, wholePowerShader],
  source: () => `
fn stirlingErrorDerivative(n: f32, x: f32) -> f32 {
  if (n == 0.0) { return stirlingError(x); }
  if (n == 1.0) { return stirlingSlope(x); }
  if (!(x > 0.0)) { return select(NAN, parity(n) * INFINITY, x == 0.0); }
  var y: f32 = x;
  var near: f32 = 0.0;
  for (var i: i32 = 0; i < 40; i = i + 1) {
    if (y >= 4.0 + n) { break; }
    let a: f32 = 1.0 / y;
    let b: f32 = 1.0 / (y + 1.0);
    if (n == 2.0) {
      near = near + 0.5 * (a * b) * (a * b);
    } else {
      let pa: f32 = wholePower(a, n - 1.0);
      let pb: f32 = wholePower(b, n - 1.0);
      near = near + factorial(n - 2.0) * (0.5 * (n - 1.0) * (pa * a + pb * b) - (pa - pb));
    }
    y = y + 1.0;
  }
  let r: f32 = 1.0 / y;
  var rising: f32 = factorial(n) * wholePower(r, n + 1.0);
  var far: f32 = 0.0;
  ${STIRLING.map(
    (c, i) => `
  far = far + ${literal(c)} * rising;
  rising = rising * r * r * (n + ${literal(2 * i + 1)}) * (n + ${literal(2 * i + 2)}) / ${literal((2 * i + 1) * (2 * i + 2))};`,
  ).join('')}
  return parity(n) * (near + far);
}`,
};

/** For x > 0. Between 1.5 and 2.5 the series about 2, farther out that of Stirling. */
export const lgammaPositiveShader: ShaderFunction = {
  name: 'lgammaPositive',
  uses: [log1pShader, logShader],
  source: () => `
fn lgammaPositive(x: f32) -> f32 {
  if (x >= 4.0) {
    let r: f32 = 1.0 / x;
    let r2: f32 = r * r;
    return (x - 0.5) * (log(x) - 1.0) + (${HALF_LOG_2PI - 0.5} + r * ${horner('r2', STIRLING)});
  }
  var z: f32 = x - 2.0;
  var shift: f32 = 0.0;
  if (x > 2.5) {
    shift = log1p(x - 2.0);
    z = x - 3.0;
    if (x > 3.5) {
      shift = shift + log(x - 2.0);
      z = x - 4.0;
    }
  }
  if (x < 1.5) {
    z = x - 1.0;
    shift = -log1p(z);
    if (x < 0.5) {
      z = x;
      shift = -(safeLog(x) + log1p(x));
    }
  }
  return shift + z * (${1 - EULER} + z * ${horner(
    'z',
    ZETA().map((c, i) => ((-1) ** i * c) / (i + 2)),
  )});
}`,
};

export const lgammaShader: ShaderFunction = {
  name: 'lgamma',
  uses: [lgammaPositiveShader, sinPiShader],
  source: () => `
fn lgamma(x: f32) -> f32 {
  if (x > 0.0 || isnan(x)) { return lgammaPositive(x); }
  if (x == floor(x)) { return INFINITY; }
  return -log(abs(x * sinPi(x)) * ${1 / Math.PI}) - lgammaPositive(-x);
}`,
};

export const digammaShader: ShaderFunction = {
  name: 'digamma',
  uses: [logShader, sinPiShader],
  source: () => `
fn digammaPositive(x: f32) -> f32 {
  let r: f32 = 1.0 / x;
  if (x >= 4.0) {
    let r2: f32 = r * r;
    return log(x) - r * (0.5 + r * ${horner(
      'r2',
      STIRLING.map((c, i) => (2 * i + 1) * c),
    )});
  }
  var z: f32 = x - 2.0;
  var shift: f32 = 0.0;
  if (x > 2.5) {
    shift = 1.0 / (x - 1.0);
    z = x - 3.0;
    if (x > 3.5) {
      shift = shift + 1.0 / (x - 2.0);
      z = x - 4.0;
    }
  }
  if (x < 1.5) {
    shift = -r;
    z = x - 1.0;
    if (x < 0.5) {
      shift = -(r + 1.0 / (x + 1.0));
      z = x;
    }
  }
  return shift + (${1 - EULER} + z * ${horner(
    'z',
    ZETA().map((c, i) => (-1) ** i * c),
  )});
}
fn digamma(x: f32) -> f32 {
  if (x > 0.0 || isnan(x)) { return digammaPositive(x); }
  if (x == 0.0) { return -INFINITY; }
  if (x == floor(x)) { return NAN; }
  return digammaPositive(1.0 - x) - ${Math.PI} * cosPi(x) / sinPi(x);
}`,
};

export const lbetaShader: ShaderFunction = {
  name: 'lbeta',
  uses: [stirlingErrorShader, log1pShader],
  source: () => `
fn lbeta(a: f32, b: f32) -> f32 {
  let p: f32 = min(a, b);
  let q: f32 = max(a, b);
  if (!(p > 0.0) || isnan(q)) { return select(NAN, INFINITY, p == 0.0 && q >= 0.0); }
  let sum: f32 = p + q;
  let errors: f32 = stirlingError(p) + (stirlingError(q) - stirlingError(sum)) + ${HALF_LOG_2PI};
  return errors - 0.5 * log(q) + ((p - 0.5) * log(p / sum) + q * log1p(-p / sum));
}`,
};
