/** Gamma draws and what is made of them on GPUs; src/random/elements/gamma.ts says how. */
import {ALMOST_ONE, HUGE, ROUNDS, TINY} from './noise.js';
import {horner, literal} from '../../kernels/elementwise/dialect.js';
import type {ShaderFunction} from '../../kernels/elementwise/definition.js';
import {log1pShader} from '../../functions/elementary/shader.js';
import {exponentialShader, normalNoiseShader, openUniformShader} from './noiseShader.js';

/** The logarithms between which exp gives normal numbers. */
const [LOG_TINY, LOG_HUGE] = [literal(-87.3365), literal(88.722)];

/** A draw of concentration a as value·e^{gammaExponent}. */
const gammaParts: ShaderFunction = {
  name: 'gammaValue',
  uses: [log1pShader, exponentialShader, normalNoiseShader, openUniformShader],
  source: () => `
var<private> gammaExponent: f32;

fn gammaThreshold(y: f32) -> f32 {
  if (abs(y) < 0.3) {
    return y * y * y * y * ${horner(
      'y',
      Array.from({length: 12}, (_, i) => (i % 2 === 0 ? -1 : 1) / (i + 4)),
    )};
  }
  return log1p(y) - y * (1.0 - y * (0.5 - y / 3.0));
}

fn gammaAccepted(d: f32) -> f32 {
  let c: f32 = 1.0 / sqrt(9.0 * d);
  for (var i: i32 = 0; i < ${ROUNDS}; i = i + 1) {
    let n: f32 = streamNormal();
    let y: f32 = c * n;
    if (y > -1.0) {
      let u: f32 = streamUniform();
      if (u < 1.0 - 0.0331 * n * n * n * n) { return y; }
      if (log(u) < 3.0 * d * gammaThreshold(y)) { return y; }
    }
  }
  return NAN;
}

fn gammaValue(a: f32) -> f32 {
  let d: f32 = select(a - ${literal(1 / 3)}, a + ${literal(2 / 3)}, a < 1.0);
  let y: f32 = 1.0 + gammaAccepted(d);
  gammaExponent = 0.0;
  if (a < 1.0) { gammaExponent = max(0.0 - streamExponential() / a, -1e37); } // a difference of two must not be inf - inf
  return d * y * y * y;
}`,
};

export const gammaSamplerShader: ShaderFunction = {
  name: 'sampleGamma',
  uses: [gammaParts],
  source: () => `
fn sampleGamma(a: f32, rate: f32) -> f32 {
  let value: f32 = gammaValue(a) / rate;
  if (gammaExponent == 0.0) { return max(value, ${literal(TINY)}); }
  return max(exp(max(log(value) + gammaExponent, ${LOG_TINY})), ${literal(TINY)});
}`,
};

export const logGammaSamplerShader: ShaderFunction = {
  name: 'sampleLogGamma',
  uses: [gammaParts],
  source: () => `
fn sampleLogGamma(a: f32) -> f32 {
  let value: f32 = gammaValue(a);
  return max(log(value) + gammaExponent, ${literal(-HUGE)});
}`,
};

export const betaSamplerShader: ShaderFunction = {
  name: 'sampleBeta',
  uses: [gammaParts],
  source: () => `
fn sampleBeta(c1: f32, c0: f32) -> f32 {
  let value1: f32 = gammaValue(c1);
  let exponent1: f32 = gammaExponent;
  let value0: f32 = gammaValue(c0);
  var odds: f32 = value0 / value1;
  let difference: f32 = gammaExponent - exponent1;
  if (difference != 0.0) { odds = exp(clamp(log(odds) + difference, ${LOG_TINY}, ${literal(87.3365)})); }
  return clamp(1.0 / (1.0 + odds), ${literal(TINY)}, ${literal(ALMOST_ONE)});
}`,
};

export const studentTSamplerShader: ShaderFunction = {
  name: 'sampleStudentT',
  uses: [gammaParts, normalNoiseShader],
  source: () => `
fn sampleStudentT(df: f32) -> f32 {
  let n: f32 = streamNormal();
  let value: f32 = gammaValue(df * 0.5);
  let factor: f32 = sqrt(df / (2.0 * value));
  if (gammaExponent == 0.0) { return n * factor; }
  let size: f32 = log(abs(n) * factor) - 0.5 * gammaExponent;
  let positive: f32 = select(exp(min(size, ${LOG_HUGE})), ${literal(HUGE)}, size >= ${LOG_HUGE});
  return select(positive, 0.0 - positive, n < 0.0);
}`,
};
