/** Distribution functions of the binomial families and of the Poisson distribution for GPUs. */
import type {ShaderFunction} from '../../kernels/elementwise/definition.js';
import {sigmoidShader, softplusShader} from '../betaDensity/commonShader.js';
import {expm1Shader, log1mexpShader, xlog1pyShader} from '../elementary/shader.js';
import {logRatioShader} from '../families/shader.js';
import {betaincShader} from '../incompleteBeta/shader.js';
import {igammacShader, igammaShader, logIgammacShader, logIgammaShader} from '../incompleteGamma/shader.js';

/**
 * ln of F(k) (`upper`) or of 1 − F(k), by the beta distribution of the probability, with parameters k + 1 and b, at p =
 * σ(l).
 */
const countLogTailShader: ShaderFunction = {
  name: 'countLogTail',
  uses: [sigmoidShader, betaincShader],
  source: () => `
fn countLogTail(k: f32, b: f32, l: f32, upper: bool) -> f32 {
  let x: f32 = betaSigmoid(l);
  let y: f32 = betaSigmoid(-l);
  if (x == 0.0 || y == 0.0) { return select(-INFINITY, 0.0, (x == 0.0) == upper); }
  return betaLogShare(k + 1.0, b, x, y, upper);
}`,
};

const shaderOf = (name: string, result: string, upper: boolean, binomial: boolean): ShaderFunction => ({
  name,
  uses: binomial ? [countLogTailShader] : [countLogTailShader, softplusShader, logIgammaShader, logIgammacShader],
  source: () => `
fn ${name}(k: f32, n: f32, l: f32) -> f32 {
  if (isnan(k) || isnan(n) || isnan(l)) { return NAN; }
  var tail: f32 = ${upper ? '0.0' : '-INFINITY'};
  if (k < ${binomial ? 'n' : '1e9'}) {
    tail = countLogTail(k, ${binomial ? 'n - k' : 'n'}, l, ${upper});
  }${
    binomial
      ? ''
      : ` else {
    tail = ${upper ? 'logIgamma' : 'logIgammac'}(n, (k + 0.5 * n + 0.5) * betaSoftplus(-l));
  }`
  }
  return ${result};
}`,
});

/** F(k), ln F(k) and 1 − F(k) of a family. */
export const countTailShaders = (family: 'Binomial' | 'NegativeBinomial') => ({
  Cdf: shaderOf(`cdfOf${family}`, 'exp(tail)', true, family === 'Binomial'),
  LogCdf: shaderOf(`logCdfOf${family}`, 'tail', true, family === 'Binomial'),
  Survival: shaderOf(`survivalOf${family}`, 'exp(tail)', false, family === 'Binomial'),
});

/** The same by the probability. */
export const countTailShadersOfProbs = (family: 'Binomial' | 'NegativeBinomial') => {
  const of = countTailShaders(family);
  const byProbs = (shader: ShaderFunction): ShaderFunction => ({
    name: `${shader.name}OfProbs`,
    uses: [shader, logRatioShader],
    source: () =>
      `fn ${shader.name}OfProbs(k: f32, n: f32, p: f32) -> f32 { return ${shader.name}(k, n, logRatio(p, 1.0 - p)); }`,
  });
  return {Cdf: byProbs(of.Cdf), LogCdf: byProbs(of.LogCdf), Survival: byProbs(of.Survival)};
};

const ofGeometric = (name: string, uses: readonly ShaderFunction[], result: string): ShaderFunction => ({
  name,
  uses: [xlog1pyShader, ...uses],
  source: () => `
fn ${name}(k: f32, p: f32) -> f32 {
  let tail: f32 = xlog1py(k + 1.0, -p);
  return ${result};
}`,
});

/** The same of a geometric distribution by the probability. */
export const geometricTailShaders = {
  Cdf: ofGeometric('cdfOfGeometric', [expm1Shader], '-expm1(tail)'),
  LogCdf: ofGeometric('logCdfOfGeometric', [log1mexpShader], 'log1mexp(tail)'),
  Survival: ofGeometric('survivalOfGeometric', [], 'exp(tail)'),
};

const ofPoisson = (name: string, of: ShaderFunction): ShaderFunction => ({
  name,
  uses: [of],
  source: () => `fn ${name}(k: f32, l: f32) -> f32 { return ${of.name}(k + 1.0, exp(l)); }`,
});

/** The same of a Poisson distribution by the logarithm of its rate. */
export const poissonTailShaders = {
  Cdf: ofPoisson('cdfOfPoisson', igammacShader),
  LogCdf: ofPoisson('logCdfOfPoisson', logIgammacShader),
  Survival: ofPoisson('survivalOfPoisson', igammaShader),
};
