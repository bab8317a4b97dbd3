/** Terms of divergences for GPUs. */
import type {ShaderFunction} from '../../kernels/elementwise/definition.js';
import {expm1mxShader, log1pmxShader, logAddExpShader} from '../elementary/shader.js';
import {logRatioShader} from '../families/shader.js';
import {ratioExcessShader} from '../scaleKl/shader.js';

/** q ln(q/p) − q + p. */
export const klTermShader: ShaderFunction = {
  name: 'klTerm',
  uses: [log1pmxShader, logRatioShader],
  source: () => `
fn klTerm(q: f32, p: f32) -> f32 {
  if (q == 0.0) { return p; }
  if (p < 0.5 * q) { return q * logRatio(q, p) - q + p; }
  let excess: f32 = (p - q) / q;
  if (excess > 1e30) { return p; }
  return -q * log1pmx(excess);
}`,
};

/** q ln(q/p) + (1 − q) ln((1 − q)/(1 − p)). */
export const klOfProbsShader: ShaderFunction = {
  name: 'klOfProbs',
  uses: [klTermShader],
  source: () => `
fn klComplementTerm(q: f32, p: f32) -> f32 {
  let excess: f32 = (q - p) / (1.0 - q);
  if (excess > -0.5 && q < 1.0) { return (q - 1.0) * log1pmx(excess); }
  return klTerm(1.0 - q, 1.0 - p);
}
fn klOfProbs(q: f32, p: f32) -> f32 {
  return klTerm(q, p) + klComplementTerm(q, p);
}`,
};

/** That over q, which may be too small for it. */
export const geometricKlShader: ShaderFunction = {
  name: 'geometricKl',
  uses: [klOfProbsShader, ratioExcessShader],
  source: () => `
fn geometricKl(q: f32, p: f32) -> f32 {
  return ratioExcess(p, q) + klComplementTerm(q, p) / q;
}`,
};

/** e^a (a − b) − e^a + e^b. */
export const klTermOfLogsShader: ShaderFunction = {
  name: 'klTermOfLogs',
  uses: [expm1mxShader],
  source: () => `
fn klTermOfLogs(a: f32, b: f32) -> f32 {
  let q: f32 = exp(a);
  if (a < -87.0 || q == 0.0) { return exp(b); }
  let d: f32 = b - a;
  if (d < 1.0) { return q * expm1mx(d); }
  return exp(b) - q * (1.0 + d);
}`,
};

/** The divergence of two Bernoulli distributions by logits. */
export const klOfLogitsShader: ShaderFunction = {
  name: 'klOfLogits',
  uses: [expm1mxShader, logAddExpShader],
  source: () => `
fn klOfLogits(q: f32, p: f32) -> f32 {
  let d: f32 = select(p - q, q - p, q > 0.0);
  let m: f32 = abs(q);
  let a: f32 = exp(-m) / (1.0 + exp(-m));
  if (abs(d) < 1.0) { return log1pmx(a * expm1(d)) + a * expm1mx(d); }
  return logAddExp(d - m, 0.0) - logAddExp(-m, 0.0) - a * d;
}`,
};

/** That over σ(q), which may be too small for it. */
export const geometricKlOfLogitsShader: ShaderFunction = {
  name: 'geometricKlOfLogits',
  uses: [klOfLogitsShader],
  source: () => `
fn geometricKlOfLogits(q: f32, p: f32) -> f32 {
  if (q > -30.0) { return klOfLogits(q, p) * (1.0 + exp(-q)); }
  let d: f32 = p - q;
  if (p < -20.0) { return expm1mx(d); }
  return logAddExp(p, 0.0) * exp(-q) - 1.0 - d;
}`,
};
