/**
 * Masses of the binomial families for GPUs: around the peak (Loader 2000) where the counts are large, and no difference
 * of large numbers.
 */
import type {ShaderFunction} from '../../kernels/elementwise/definition.js';
import {
  bendShader,
  productErrorShader,
  saddleShader,
  sigmoidShader,
  softplusShader,
} from '../betaDensity/commonShader.js';
import {klTermShader} from '../divergence/shader.js';
import {log1pShader, logShader} from '../elementary/shader.js';
import {stirlingErrorShader} from '../gamma/shader.js';
import {polygammaDifferenceShader} from '../gamma/polygammaShader.js';

/** ln(Γ(a + b) / (Γ(a) Γ(b)) · p^a (1 − p)^b) for p = σ(l), a, b > 0. */
const logitMassShader: ShaderFunction = {
  name: 'logitMass',
  uses: [saddleShader, bendShader, softplusShader, log1pShader],
  source: () => `
fn logitMass(a: f32, b: f32, l: f32) -> f32 {
  let n: f32 = a + b;
  if (n < 16.0) {
    return a * (log1p(b / a) - betaSoftplus(-l)) + b * (log1p(a / b) - betaSoftplus(l)) + betaSaddle(a, b);
  }
  let gap: f32 = l - log(a / b);
  if (a <= b) { return betaSaddle(a, b) - n * betaBend(a / n, gap); }
  return betaSaddle(a, b) - n * betaBend(b / n, -gap);
}`,
};

export const binomialLogMassShader: ShaderFunction = {
  name: 'binomialLogMass',
  uses: [logitMassShader],
  source: () => `
fn binomialLogMass(k: f32, n: f32, l: f32) -> f32 {
  if (isnan(k) || isnan(n) || isnan(l)) { return NAN; }
  if (k < 0.0 || k > n) { return -INFINITY; }
  if (k == 0.0) { return select(-n * betaSoftplus(l), 0.0, n == 0.0); }
  if (k == n) { return -n * betaSoftplus(-l); }
  if (abs(l) > 1e30) { return -INFINITY; }
  return logitMass(k, n - k, l) + log((n / k) / (n - k));
}`,
};

/** k − n p. */
export const binomialScoreShader: ShaderFunction = {
  name: 'binomialScore',
  uses: [productErrorShader, sigmoidShader],
  source: () => `
fn binomialScore(k: f32, n: f32, l: f32) -> f32 {
  let q: f32 = betaSigmoid(-abs(l));
  let p: f32 = n * q;
  let lost: f32 = betaProductError(n, q, p);
  if (l > 0.0) { return ((k - n) + p) + lost; }
  return (k - p) - lost;
}`,
};

export const binomialSlopeKShader: ShaderFunction = {
  name: 'binomialSlopeK',
  uses: [polygammaDifferenceShader],
  source: () => `
fn binomialSlopeK(k: f32, n: f32, l: f32) -> f32 {
  let low: f32 = min(k, n - k) + 1.0;
  let step: f32 = polygammaDifference(0.0, low, abs(n - 2.0 * k));
  return l + select(step, -step, 2.0 * k > n);
}`,
};

export const binomialSlopeNShader: ShaderFunction = {
  name: 'binomialSlopeN',
  uses: [polygammaDifferenceShader, softplusShader],
  source: () => `
fn binomialSlopeN(k: f32, n: f32, l: f32) -> f32 {
  return polygammaDifference(0.0, (n - k) + 1.0, k) - betaSoftplus(l);
}`,
};

export const negativeBinomialLogMassShader: ShaderFunction = {
  name: 'negativeBinomialLogMass',
  uses: [logitMassShader],
  source: () => `
fn negativeBinomialLogMass(k: f32, n: f32, l: f32) -> f32 {
  if (isnan(k) || isnan(l) || !(n > 0.0)) { return NAN; }
  if (k < 0.0) { return -INFINITY; }
  if (k == 0.0) { return -n * betaSoftplus(l); }
  if (abs(l) > 1e30) { return -INFINITY; }
  return logitMass(k, n, l) - log(k);
}`,
};

/** k (1 − p) − n p. */
export const negativeBinomialScoreShader: ShaderFunction = {
  name: 'negativeBinomialScore',
  uses: [productErrorShader, sigmoidShader],
  source: () => `
fn negativeBinomialScore(k: f32, n: f32, l: f32) -> f32 {
  let q: f32 = betaSigmoid(-abs(l));
  let most: f32 = select(k, -n, l > 0.0);
  let p: f32 = k * q;
  let r: f32 = n * q;
  let sum: f32 = select(-1.0, 1.0, l > 0.0) * ((p + r) + (betaProductError(k, q, p) + betaProductError(n, q, r)));
  return most + sum;
}`,
};

export const negativeBinomialSlopeKShader: ShaderFunction = {
  name: 'negativeBinomialSlopeK',
  uses: [polygammaDifferenceShader, softplusShader],
  source: () => `
fn negativeBinomialSlopeK(k: f32, n: f32, l: f32) -> f32 {
  return polygammaDifference(0.0, k + 1.0, n - 1.0) - betaSoftplus(-l);
}`,
};

export const negativeBinomialSlopeNShader: ShaderFunction = {
  name: 'negativeBinomialSlopeN',
  uses: [polygammaDifferenceShader, softplusShader],
  source: () => `
fn negativeBinomialSlopeN(k: f32, n: f32, l: f32) -> f32 {
  return polygammaDifference(0.0, n, k) - betaSoftplus(l);
}`,
};

/** Where n e^l has left single precision, from its logarithm. */
export const multinomialTermShader: ShaderFunction = {
  name: 'multinomialTerm',
  uses: [klTermShader, logShader, stirlingErrorShader],
  source: () => `
fn multinomialTerm(k: f32, n: f32, l: f32) -> f32 {
  let none: bool = l < -1e30;
  let b: f32 = select(n * exp(max(l, -100.0)), 0.0, none);
  if (!(k > 0.0)) { return b; }
  if (none) { return INFINITY; }
  let excess: f32 = 0.5 * log(6.2831853 * k) + stirlingError(k);
  if (b > 1e-30) { return klTerm(k, b) + excess; }
  return k * ((safeLog(k) - safeLog(n)) - l) - k + b + excess;
}`,
};

export const weighShader: ShaderFunction = {
  name: 'weigh',
  source: () => `
fn weigh(p: f32, t: f32) -> f32 {
  if (p == 0.0 && abs(t) > 1e38) { return 0.0; }
  return p * t;
}`,
};

export const expOfOthersShader: ShaderFunction = {
  name: 'expOfOthers',
  source: () => `
fn expOfOthers(x: f32) -> f32 {
  if (x == 0.0 || x < -100.0) { return 0.0; }
  return exp(x);
}`,
};
