/** The polygamma functions for GPUs, to float32, and differences of them. */
import {HIGHEST_ORDER} from '../elementary/scalar.js';
import {BERNOULLI} from './scalar.js';
import {literal} from '../../kernels/elementwise/dialect.js';
import type {ShaderFunction} from '../../kernels/elementwise/definition.js';
import {expm1Shader, log1pShader} from '../elementary/shader.js';
import {digammaShader, wholePowerShader} from './shader.js';

/** ζ(n + 1, x) as in scalar.ts; `power(m, y)` is an expression. */
const hurwitz = (name: string, parameters: string, power: (m: string, y: string) => string) => `
fn ${name}(n: f32, x: f32${parameters}) -> f32 {
  var y: f32 = x;
  var sum: f32 = 0.0;
  for (var i: i32 = 0; i < 48; i = i + 1) {
    if (y >= 6.0 + n) { break; }
    sum = sum + ${power('n + 1.0', 'y')};
    y = y + 1.0;
  }
  sum = sum + ${power('n', 'y')} / max(n, 1.0) + 0.5 * ${power('n + 1.0', 'y')};
  var weight: f32 = 0.5 * (n + 1.0);
  ${BERNOULLI.slice(0, 5)
    .map(
      (b, i) => `
  sum = sum + ${literal(b)} * weight * ${power(`n + ${literal(2 * i + 2)}`, 'y')};
  weight = weight * (n + ${literal(2 * i + 2)}) * (n + ${literal(2 * i + 3)}) / ${literal((2 * i + 3) * (2 * i + 4))};`,
    )
    .join('')}
  return sum;
}`;

export const polygammaShader: ShaderFunction = {
  name: 'polygamma',
  uses: [digammaShader, wholePowerShader],
  source: () => `
${hurwitz('hurwitz', '', (m, y) => `wholePower(1.0 / ${y}, ${m})`)}
fn cotPiDerivative(n: f32, x: f32) -> f32 {
  let c: f32 = cosPi(x);
  let q: f32 = ${Math.PI} / sinPi(x);
  if (n == 1.0) { return -q * q; }
  if (n == 2.0) { return 2.0 * c * q * q * q; }
  if (n == 3.0) { return -2.0 * (1.0 + 2.0 * c * c) * q * q * q * q; }
  if (n == 4.0) { return 8.0 * c * (2.0 + c * c) * q * q * q * q * q; }
  let r: f32 = x - floor(x + 0.5);
  var sum: f32 = 0.0;
  for (var k: i32 = -12; k <= 12; k = k + 1) { sum = sum + wholePower(1.0 / (r + f32(k)), n + 1.0); }
  return parity(n) * factorial(n) * sum;
}
fn polygamma(n: f32, x: f32) -> f32 {
  if (n == 0.0) { return digamma(x); }
  if (!(n > 0.0 && n <= ${literal(HIGHEST_ORDER)}) || n != floor(n) || isnan(x)) { return NAN; }
  if (x > 0.0) { return -parity(n) * factorial(n) * hurwitz(n, x); }
  if (x == floor(x)) { return -parity(n) * INFINITY; }
  return -factorial(n) * hurwitz(n, 1.0 - x) - cotPiDerivative(n, x);
}`,
};

/** From the smaller of the two: the series needs it to be large. */
export const polygammaDifferenceShader: ShaderFunction = {
  name: 'polygammaDifference',
  uses: [expm1Shader, log1pShader, wholePowerShader],
  source: () => `
fn powerDifference(m: f32, y: f32, d: f32) -> f32 {
  let logarithm: f32 = log1p(d / y);
  if (m == 0.0) { return -logarithm; }
  return wholePower(1.0 / y, m) * expm1(-m * logarithm);
}
${hurwitz('hurwitzDifference', ', d: f32', (m, y) => `powerDifference(${m}, ${y}, d)`)}
fn polygammaDifference(n: f32, x: f32, d: f32) -> f32 {
  if (!(x > 0.0) || !(x + d > 0.0)) { return NAN; }
  let difference: f32 = -parity(n) * factorial(n) * hurwitzDifference(n, min(x, x + d), abs(d));
  return select(difference, -difference, d < 0.0);
}`,
};
