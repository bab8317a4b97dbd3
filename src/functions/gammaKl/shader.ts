/**
 * Divergences of gamma distributions and of those made of them, for GPUs: the sums of src/functions/gammaKl/scalar.ts.
 */
import type {ShaderFunction} from '../../kernels/elementwise/definition.js';
import {expm1Shader, log1pmxShader} from '../elementary/shader.js';
import {logRatioShader} from '../families/shader.js';

const FAR = '6.0';

/** ln(p/q) + q/p − 1, where d = q − p. */
const gapShader: ShaderFunction = {
  name: 'gammaGap',
  uses: [log1pmxShader, logRatioShader],
  source: () => `
fn gammaIsNear(u: f32) -> bool {
  return u > -0.5 && u < 1.0;
}
fn gammaGap(p: f32, q: f32, d: f32) -> f32 {
  let u: f32 = d / p;
  if (gammaIsNear(u)) { return -log1pmx(u); }
  return u - logRatio(q, p);
}`,
};

const gammaKlRestShader: ShaderFunction = {
  name: 'gammaKlRest',
  uses: [gapShader],
  source: () => `
fn gammaKlRest(a: f32, b: f32, d: f32) -> f32 {
  if (!(a > 0.0 && b > 0.0)) { return NAN; }
  var rest: f32 = 0.0;
  var n: f32 = 0.0;
  for (var i: i32 = 0; i < 6; i = i + 1) {
    if (min(a, b) + n >= ${FAR}) { break; }
    rest = rest + gammaGap(a + n, b + n, d);
    n = n + 1.0;
  }
  let p: f32 = a + n;
  let q: f32 = b + n;
  if (n > 0.0) {
    if (gammaIsNear(d / a) && gammaIsNear(-d / b)) {
      rest = rest + (q * gammaGap(q, p, -d) - b * gammaGap(b, a, -d));
    } else {
      rest = rest + (q * logRatio(q, p) - b * logRatio(b, a));
    }
  }
  let h: f32 = 1.0 / p;
  let k: f32 = 1.0 / q;
  let third: f32 = 3.0 * h * h + 2.0 * h * k + k * k;
  let fifth: f32 = (5.0 * h + 4.0 * k) * h * h * h + third * k * k;
  return rest + 0.5 * gammaGap(p, q, d) + d * h * (d * k) * h * (${1 / 12} - third * ${1 / 360} + fifth * ${1 / 1260});
}`,
};

/** x·y/z, of which some part may leave single precision. */
const productShader: ShaderFunction = {
  name: 'gammaProduct',
  source: () => `
fn gammaProduct(x: f32, y: f32, z: f32) -> f32 {
  let quotient: f32 = y / z;
  if (quotient > 1e-30 && quotient < 1e30) { return x * quotient; }
  let product: f32 = x * y;
  if (product > 1e-30 && product < 1e30) { return product / z; }
  return (x / z) * y;
}`,
};

/** a·rho − b, where product = a·rho, d = b − a and e = rho − 1. */
const excessShader: ShaderFunction = {
  name: 'gammaExcess',
  uses: [gapShader],
  source: () => `
fn gammaExcess(a: f32, b: f32, d: f32, e: f32, product: f32) -> f32 {
  if (gammaIsNear(d / a) && gammaIsNear(e)) { return a * e - d; }
  return product - b;
}`,
};

const partsShader: ShaderFunction = {
  name: 'gammaKlParts',
  uses: [excessShader, gammaKlRestShader],
  source: () => `
fn gammaKlParts(a: f32, b: f32, d: f32, e: f32, product: f32, logRho: f32) -> f32 {
  let over: f32 = gammaExcess(a, b, d, e, product);
  let u: f32 = over / b;
  if (gammaIsNear(u)) { return gammaKlRest(a, b, d) - b * log1pmx(u); }
  return over - b * (logRatio(a, b) + logRho) + gammaKlRest(a, b, d);
}`,
};

export const gammaKlShader: ShaderFunction = {
  name: 'gammaKl',
  uses: [partsShader, productShader],
  source: () => `
fn gammaKl(a: f32, r: f32, b: f32, t: f32) -> f32 {
  return gammaKlParts(a, b, b - a, (t - r) / r, gammaProduct(a, t, r), logRatio(t, r));
}`,
};

export const gammaKlOfLogsShader: ShaderFunction = {
  name: 'gammaKlOfLogs',
  uses: [partsShader, expm1Shader],
  source: () => `
fn gammaKlOfLogs(a: f32, r: f32, b: f32, t: f32) -> f32 {
  return gammaKlParts(a, b, b - a, expm1(t - r), a * exp(t - r), t - r);
}`,
};

export const gammaKlBalanceShader: ShaderFunction = {
  name: 'gammaKlBalance',
  uses: [excessShader, productShader],
  source: () => `
fn gammaKlBalance(a: f32, b: f32, r: f32, t: f32, change: f32) -> f32 {
  return gammaExcess(a, b, b - a, change / r, gammaProduct(a, t, r));
}`,
};

export const gammaKlBalanceOfLogsShader: ShaderFunction = {
  name: 'gammaKlBalanceOfLogs',
  uses: [excessShader, expm1Shader],
  source: () => `
fn gammaKlBalanceOfLogs(a: f32, r: f32, b: f32, t: f32) -> f32 {
  return gammaExcess(a, b, b - a, expm1(t - r), a * exp(t - r));
}`,
};

export const dirichletKlTermShader: ShaderFunction = {
  name: 'dirichletKlTerm',
  uses: [partsShader, productShader],
  source: () => `
fn dirichletKlTerm(a: f32, b: f32, total: f32, other: f32, change: f32) -> f32 {
  let term: f32 = gammaKlParts(a, b, b - a, change / total, gammaProduct(a, other, total), logRatio(other, total));
  return term - (a / total) * gammaKlRest(total, other, change);
}`,
};

export const betaKlShader: ShaderFunction = {
  name: 'betaKl',
  uses: [partsShader, productShader],
  source: () => `
fn betaKl(a: f32, b: f32, c: f32, d: f32) -> f32 {
  let total: f32 = a + b;
  let other: f32 = c + d;
  let change: f32 = (c - a) + (d - b);
  let e: f32 = change / total;
  let logRho: f32 = logRatio(other, total);
  let first: f32 = gammaKlParts(a, c, c - a, e, gammaProduct(a, other, total), logRho);
  let second: f32 = gammaKlParts(b, d, d - b, e, gammaProduct(b, other, total), logRho);
  let rest: f32 = gammaKlRest(total, other, change);
  return (first - (a / total) * rest) + (second - (b / total) * rest);
}`,
};
