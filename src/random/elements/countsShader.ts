/** Draws of counts on GPUs; src/random/elements/poisson.ts and binomial.ts say how. */
import {HUGE, LARGE_MEAN, ROUNDS} from './noise.js';
import {horner, literal} from '../../kernels/elementwise/dialect.js';
import type {ShaderFunction} from '../../kernels/elementwise/definition.js';
import {shaderStream} from '../../kernels/elementwise/shaderStream.js';
import {log1pShader} from '../../functions/elementary/shader.js';
import {logGammaSamplerShader} from './gammaShader.js';
import {exponentialShader, openUniformShader} from './noiseShader.js';

/** k ln rate − rate − ln k!, given k − rate besides. */
const logMass: ShaderFunction = {
  name: 'countLogMass',
  uses: [log1pShader],
  source: () => `
fn countDeviance(e: f32) -> f32 {
  if (abs(e) > 0.3) { return (1.0 + e) * log1p(e) - e; }
  return e * e * ${horner(
    'e',
    Array.from({length: 11}, (_, i) => (i % 2 === 0 ? 1 : -1) / ((i + 2) * (i + 1))),
  )};
}

fn countLogMass(k: f32, difference: f32, rate: f32) -> f32 {
  if (k < 10.0) {
    var factorial: f32 = 1.0;
    for (var i: f32 = 2.0; i <= k; i = i + 1.0) { factorial = factorial * i; }
    return k * log(rate) - rate - log(factorial);
  }
  let y: f32 = 1.0 / (k * k);
  let stirling: f32 = ${horner('y', [1 / 12, -1 / 360, 1 / 1260])} / k;
  return 0.0 - rate * countDeviance(difference / rate) - stirling - 0.5 * log(${literal(2 * Math.PI)} * k);
}`,
};

/** u − 1/2 for a word as size and sign: `halfRest` is 1/2 − |u − 1/2|, exact where it is small. */
const halfUniform: ShaderFunction = {
  name: 'streamHalf',
  uses: [shaderStream],
  source: () => `
var<private> halfRest: f32;

fn streamHalf() -> f32 {
  let w: u32 = streamNext();
  if (w < 2147483648u) {
    halfRest = (f32(w) + 0.5) * ${literal(2 ** -32)};
    return halfRest - 0.5;
  }
  halfRest = (f32(4294967295u ^ w) + 0.5) * ${literal(2 ** -32)};
  return 0.5 - halfRest;
}`,
};

const poisson: ShaderFunction = {
  name: 'drawPoisson',
  uses: [logMass, halfUniform, exponentialShader, openUniformShader],
  source: () => `
fn poissonArrivals(rate: f32) -> f32 {
  var time: f32 = streamExponential();
  var k: f32 = 0.0;
  while (time <= rate && k < ${literal(ROUNDS)}) {
    k = k + 1.0;
    time = time + streamExponential();
  }
  return k;
}

fn drawPoisson(rate: f32) -> f32 {
  if (isnan(rate)) { return NAN; }
  if (rate < ${LARGE_MEAN}) { return poissonArrivals(rate); }
  if (rate > ${literal(HUGE)}) { return rate; }
  let b: f32 = 0.931 + 2.53 * sqrt(rate);
  let a: f32 = 0.02483 * b - 0.059;
  let inverseAlpha: f32 = 1.1239 + 1.1328 / (b - 3.4);
  let sure: f32 = 0.9277 - 3.6224 / (b - 2.0);
  let whole: f32 = floor(rate);
  let rest: f32 = rate - whole;
  for (var i: i32 = 0; i < ${ROUNDS}; i = i + 1) {
    let u: f32 = streamHalf();
    let v: f32 = streamUniform();
    let us: f32 = halfRest;
    let size: f32 = floor((2.0 * a / us + b) * u + rest + 0.43);
    let k: f32 = whole + size;
    if (us >= 0.07 && v <= sure) { return k; }
    if (k >= 0.0 && (us >= 0.013 || v <= us)) {
      if (log(v * inverseAlpha / (a / (us * us) + b)) <= countLogMass(k, size - rest, rate)) { return k; }
    }
  }
  return whole;
}`,
};

export const poissonSamplerShader: ShaderFunction = {
  name: 'samplePoisson',
  uses: [poisson],
  source: () => 'fn samplePoisson(rate: f32) -> f32 { return drawPoisson(rate); }',
};

export const poissonOfLogRateSamplerShader: ShaderFunction = {
  name: 'samplePoissonOfLogRate',
  uses: [poisson],
  source: () => `
fn samplePoissonOfLogRate(logRate: f32) -> f32 {
  if (logRate > 88.722) { return INFINITY; }
  return drawPoisson(exp(max(logRate, -87.3365)));
}`,
};

export const negativeBinomialSamplerShader: ShaderFunction = {
  name: 'sampleNegativeBinomial',
  uses: [poissonOfLogRateSamplerShader, logGammaSamplerShader],
  source: () => `
fn sampleNegativeBinomial(n: f32, logits: f32) -> f32 {
  return samplePoissonOfLogRate(sampleLogGamma(n) + logits);
}`,
};

export const negativeBinomialOfProbsSamplerShader: ShaderFunction = {
  name: 'sampleNegativeBinomialOfProbs',
  uses: [poissonOfLogRateSamplerShader, logGammaSamplerShader, log1pShader],
  source: () => `
fn sampleNegativeBinomialOfProbs(n: f32, probs: f32) -> f32 {
  return samplePoissonOfLogRate(sampleLogGamma(n) + log(probs) - log1p(0.0 - probs));
}`,
};

/** For p <= 1/2, q = 1 − p and end = −ln q. */
const binomial: ShaderFunction = {
  name: 'drawBinomial',
  uses: [logMass, halfUniform, exponentialShader, openUniformShader],
  source: () => `
fn binomialRings(n: f32, end: f32) -> f32 {
  var time: f32 = 0.0;
  var k: f32 = 0.0;
  while (k < n && k < ${literal(ROUNDS)}) {
    time = time + streamExponential() / (n - k);
    if (time > end) { break; }
    k = k + 1.0;
  }
  return k;
}

fn binomialLogMassOf(k: f32, n: f32, np: f32, nq: f32) -> f32 {
  return countLogMass(k, k - np, np) + countLogMass(n - k, np - k, nq);
}

fn drawBinomial(n: f32, p: f32, q: f32, end: f32) -> f32 {
  let np: f32 = n * p;
  let nq: f32 = n * q;
  if (np < ${LARGE_MEAN}) { return binomialRings(n, end); }
  let spread: f32 = sqrt(np * q);
  let b: f32 = 1.15 + 2.53 * spread;
  let a: f32 = 0.0248 * b + 0.01 * p - 0.0873;
  let sure: f32 = 0.92 - 4.2 / b;
  let alpha: f32 = (2.83 + 5.1 / b) * spread;
  let mode: f32 = binomialLogMassOf(floor(np + p), n, np, nq);
  for (var i: i32 = 0; i < ${ROUNDS}; i = i + 1) {
    let u: f32 = streamHalf();
    let v: f32 = streamUniform();
    let us: f32 = halfRest;
    let k: f32 = floor((2.0 * a / us + b) * u + np + 0.5);
    if (us >= 0.07 && v <= sure) { return k; }
    if (k >= 0.0 && k <= n) {
      if (log(v * alpha / (a / (us * us) + b)) <= binomialLogMassOf(k, n, np, nq) - mode) { return k; }
    }
  }
  return floor(np);
}`,
};

export const binomialSamplerShader: ShaderFunction = {
  name: 'sampleBinomial',
  uses: [binomial, log1pShader],
  source: () => `
fn sampleBinomial(n: f32, logits: f32) -> f32 {
  if (isnan(n) || isnan(logits)) { return NAN; }
  let odds: f32 = exp(0.0 - abs(logits));
  let k: f32 = drawBinomial(n, odds / (1.0 + odds), 1.0 / (1.0 + odds), log1p(odds));
  return select(k, n - k, logits > 0.0);
}`,
};

export const binomialOfProbsSamplerShader: ShaderFunction = {
  name: 'sampleBinomialOfProbs',
  uses: [binomial, log1pShader],
  source: () => `
fn sampleBinomialOfProbs(n: f32, probs: f32) -> f32 {
  if (isnan(n) || isnan(probs)) { return NAN; }
  let p: f32 = min(probs, 1.0 - probs);
  let k: f32 = drawBinomial(n, p, 1.0 - p, 0.0 - log1p(0.0 - p));
  return select(k, n - k, probs > 0.5);
}`,
};

/** ⌊E / −ln(1 − p)⌋, given −ln(1 − p). */
const geometric: ShaderFunction = {
  name: 'drawGeometric',
  uses: [exponentialShader],
  source: () => `
fn drawGeometric(speed: f32) -> f32 {
  return floor(min(streamExponential() / speed, ${literal(HUGE)}));
}`,
};

export const geometricSamplerShader: ShaderFunction = {
  name: 'sampleGeometric',
  uses: [geometric, log1pShader],
  source: () => `
fn sampleGeometric(logits: f32) -> f32 {
  return drawGeometric(max(logits, 0.0) + log1p(exp(0.0 - abs(logits))));
}`,
};

export const geometricOfProbsSamplerShader: ShaderFunction = {
  name: 'sampleGeometricOfProbs',
  uses: [geometric, log1pShader],
  source: () => `
fn sampleGeometricOfProbs(probs: f32) -> f32 {
  if (probs >= 1.0) { return 0.0; }
  return drawGeometric(0.0 - log1p(0.0 - probs));
}`,
};
