/** Entropies for GPUs, as in src/functions/entropies/scalar.ts. */
import {horner} from '../../kernels/elementwise/dialect.js';
import type {ShaderFunction} from '../../kernels/elementwise/definition.js';
import {log1pShader} from '../elementary/shader.js';
import {digammaShader, lgammaPositiveShader, stirlingErrorShader, stirlingSlopeShader} from '../gamma/shader.js';

const HALF_LOG_2PI = 0.5 * Math.log(2 * Math.PI);

export const gammaEntropyShader: ShaderFunction = {
  name: 'gammaEntropy',
  uses: [digammaShader, lgammaPositiveShader, stirlingErrorShader, stirlingSlopeShader],
  source: () => `
fn gammaEntropy(a: f32) -> f32 {
  if (a < 1.0) { return a + lgammaPositive(a) + (1.0 - a) * digamma(a); }
  return 0.5 * log(a) + (${HALF_LOG_2PI} + stirlingError(a)) + (a - 1.0) * (0.5 / a - stirlingSlope(a));
}`,
};

const FAR = '5.0';

export const studentTEntropyShader: ShaderFunction = {
  name: 'studentTEntropy',
  uses: [log1pShader],
  source: () => `
fn studentTEntropy(df: f32) -> f32 {
  let x: f32 = 0.5 * df;
  var e: f32 = 0.0;
  var s: f32 = 0.0;
  var y: f32 = x;
  for (var i: i32 = 0; i < 6; i = i + 1) {
    if (y >= ${FAR}) { break; }
    e = e - log1p(0.5 / y);
    s = s + 0.5 / (y * (y + 0.5));
    y = y + 1.0;
  }
  let r: f32 = 1.0 / y;
  let r2: f32 = r * r;
  e = e + 0.5 * (log(y) - log(x)) - r * ${horner('r2', [1 / 8, -1 / 192, 1 / 640, -17 / 14336])};
  s = s + r * (0.5 + r * ${horner('r2', [1 / 8, -1 / 64, 1 / 128, -17 / 2048])});
  return ${HALF_LOG_2PI} - e + (x + 0.5) * s;
}`,
};
