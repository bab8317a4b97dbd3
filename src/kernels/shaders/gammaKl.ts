/** Divergences of gamma distributions and of those made of them, for GPUs: the sums of src/math/scalar/gammaKl.ts. */
import type {ShaderFunction} from '../elementwise/definition.js';
import {expm1Shader, log1pmxShader} from './elementary.js';

const FAR = '6.0';

/** ln(p/q) + q/p − 1, where d = q − p; by the difference of the logarithms where the ratio is no number of type f32. */
const gapShader: ShaderFunction = {
  name: 'gammaGap',
  uses: [log1pmxShader],
  source: `
fn gammaGap(p: f32, q: f32, d: f32) -> f32 {
  let u: f32 = d / p;
  if (u > -0.5 && u < 1.0) { return -log1pmx(u); }
  return u - (log(q) - log(p));
}`,
};

const restShader: ShaderFunction = {
  name: 'gammaKlRest',
  uses: [gapShader],
  source: `
fn gammaKlRest(a: f32, b: f32, d: f32) -> f32 {
  var rest: f32 = 0.0;
  var n: f32 = 0.0;
  for (var i: i32 = 0; i < 6; i = i + 1) {
    if (min(a, b) + n >= ${FAR}) { break; }
    rest = rest + gammaGap(a + n, b + n, d);
    n = n + 1.0;
  }
  let p: f32 = a + n;
  let q: f32 = b + n;
  if (n > 0.0) { rest = rest + (q * gammaGap(q, p, -d) - b * gammaGap(b, a, -d)); }
  let h: f32 = 1.0 / p;
  let k: f32 = 1.0 / q;
  let third: f32 = 3.0 * h * h + 2.0 * h * k + k * k;
  let fifth: f32 = (5.0 * h + 4.0 * k) * h * h * h + third * k * k;
  return rest + 0.5 * gammaGap(p, q, d) + d * h * (d * k) * h * (${1 / 12} - third * ${1 / 360} + fifth * ${1 / 1260});
}`,
};

const partsShader: ShaderFunction = {
  name: 'gammaKlParts',
  uses: [restShader],
  source: `
fn gammaKlParts(a: f32, b: f32, d: f32, e: f32) -> f32 {
  return b * gammaGap(b, a + a * e, a * e - d) + gammaKlRest(a, b, d);
}`,
};

export const gammaKlShader: ShaderFunction = {
  name: 'gammaKl',
  uses: [partsShader],
  source: `
fn gammaKl(a: f32, r: f32, b: f32, t: f32) -> f32 {
  return gammaKlParts(a, b, b - a, (t - r) / r);
}`,
};

export const gammaKlOfLogsShader: ShaderFunction = {
  name: 'gammaKlOfLogs',
  uses: [partsShader, expm1Shader],
  source: `
fn gammaKlOfLogs(a: f32, r: f32, b: f32, t: f32) -> f32 {
  return gammaKlParts(a, b, b - a, expm1(t - r));
}`,
};

export const betaKlShader: ShaderFunction = {
  name: 'betaKl',
  uses: [partsShader],
  source: `
fn betaKl(a: f32, b: f32, c: f32, d: f32) -> f32 {
  let total: f32 = a + b;
  let change: f32 = (c - a) + (d - b);
  let e: f32 = change / total;
  return gammaKlParts(a, c, c - a, e) + (gammaKlParts(b, d, d - b, e) - gammaKlRest(total, c + d, change));
}`,
};

export const dirichletKlTermShader: ShaderFunction = {
  name: 'dirichletKlTerm',
  uses: [partsShader],
  source: `
fn dirichletKlTerm(a: f32, b: f32, total: f32, change: f32) -> f32 {
  return gammaKlParts(a, b, b - a, change / total);
}`,
};

export const dirichletKlTotalShader: ShaderFunction = {
  name: 'dirichletKlTotal',
  uses: [restShader],
  source: `
fn dirichletKlTotal(total: f32, change: f32) -> f32 {
  return gammaKlRest(total, total + change, change);
}`,
};
