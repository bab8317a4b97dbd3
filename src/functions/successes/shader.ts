/** Masses in terms of a probability for GPUs. */
import type {ShaderFunction} from '../../kernels/elementwise/definition.js';
import {logShader, xlog1pyShader, xlogyShader} from '../elementary/shader.js';
import {logRatioShader} from '../families/shader.js';
import {binomialLogMassShader, multinomialTermShader, negativeBinomialLogMassShader} from '../masses/shader.js';

export const successLogMassShader: ShaderFunction = {
  name: 'successLogMass',
  uses: [xlogyShader, xlog1pyShader],
  source: () => `
fn successLogMass(h: f32, m: f32, p: f32) -> f32 {
  return xlogy(h, p) + xlog1py(m, -p);
}`,
};

export const successScoreShader: ShaderFunction = {
  name: 'successScore',
  source: () => `
fn successScore(h: f32, m: f32, p: f32) -> f32 {
  if (p == 0.0) { return select(0.0, -m, h == 0.0); }
  if (p == 1.0) { return select(0.0, h, m == 0.0); }
  return (h * (1.0 - p) - m * p) / p / (1.0 - p);
}`,
};

export const successCurvatureShader: ShaderFunction = {
  name: 'successCurvature',
  source: () => `
fn successCurvature(h: f32, m: f32, p: f32) -> f32 {
  if ((p == 0.0 && h != 0.0) || (p == 1.0 && m != 0.0)) { return 0.0; }
  var sum: f32 = 0.0;
  if (h != 0.0) { sum = sum - h / p / p; }
  if (m != 0.0) { sum = sum - m / (1.0 - p) / (1.0 - p); }
  return sum;
}`,
};

const byProbs = (name: string, of: ShaderFunction): ShaderFunction => ({
  name,
  uses: [of, logRatioShader],
  source: () => `fn ${name}(k: f32, n: f32, p: f32) -> f32 { return ${of.name}(k, n, logRatio(p, 1.0 - p)); }`,
});

export const binomialLogMassOfProbsShader = byProbs('binomialLogMassOfProbs', binomialLogMassShader);
export const negativeBinomialLogMassOfProbsShader = byProbs(
  'negativeBinomialLogMassOfProbs',
  negativeBinomialLogMassShader,
);

export const multinomialTermOfProbsShader: ShaderFunction = {
  name: 'multinomialTermOfProbs',
  uses: [multinomialTermShader, logShader],
  source: () =>
    'fn multinomialTermOfProbs(k: f32, n: f32, p: f32) -> f32 { return multinomialTerm(k, n, safeLog(p)); }',
};
