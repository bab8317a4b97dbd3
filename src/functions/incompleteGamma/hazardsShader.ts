/** Logarithmic derivatives of the tails of the gamma distribution for GPUs. */
import type {ShaderFunction} from '../../kernels/elementwise/definition.js';
import {gammaLogDensityShader, gammaScoreShader, logMinusDigammaShader} from '../gamma/densityShader.js';
import {shapeShader, tail0Shader, tail1Shader, tail2Shader, tailXShader} from './tailShader.js';
import {atEnds, igammacShader, igammaShader, scaleShader} from './shader.js';
import {polygammaShader} from '../gamma/polygammaShader.js';

/** Which of P and Q the derivatives are of. */
interface HazardSide {
  upper: boolean;
  /** F = P or Q. */
  whole: ShaderFunction;
  /** The test for x being in the tail in question where it is the smaller one. */
  own: string;
}

const LOWER: HazardSide = {upper: false, whole: igammaShader, own: 'x <= a + 0.5'};
const UPPER: HazardSide = {upper: true, whole: igammacShader, own: 'x > a + 0.5'};

/** ∂ ln F/∂a. */
function slopeShader(name: string, {whole, own}: HazardSide, ends: string): ShaderFunction {
  return {
    name,
    uses: [scaleShader, whole, shapeShader],
    source: () => `
fn ${name}(a: f32, x: f32) -> f32 {${ends}
  let m1: f32 = gammaShape1(a, x);
  if (${own}) { return m1 / gammaTail0(a, x); }
  return -exp(gammaLogScale(a, x)) * m1 / ${whole.name}(a, x);
}`,
  };
}

/** ∂² ln F/∂a²; in the smaller tail the variance of v less ψ'(a). */
function curvatureShader(name: string, {whole, own}: HazardSide, ends: string): ShaderFunction {
  return {
    name,
    uses: [scaleShader, whole, shapeShader, tail1Shader, tail2Shader, polygammaShader],
    source: () => `
fn ${name}(a: f32, x: f32) -> f32 {${ends}
  if (${own}) {
    let m0: f32 = gammaTail0(a, x);
    let mean: f32 = gammaTail1(a, x) / m0;
    return gammaTail2(a, x) / m0 - mean * mean - polygamma(1.0, select(a, a + 1.0, gammaByTerms(a, x)));
  }
  let scale: f32 = -exp(gammaLogScale(a, x)) / ${whole.name}(a, x);
  let r: f32 = scale * gammaShape1(a, x);
  return scale * gammaShape2(a, x) - r * r;
}`,
  };
}

/** p/F. */
function tailHazardShader(name: string, {whole, own}: HazardSide, ends: string): ShaderFunction {
  return {
    name,
    uses: [scaleShader, whole, tail0Shader, gammaLogDensityShader],
    source: () => `
fn ${name}(a: f32, x: f32) -> f32 {${ends}
  if (${own}) {
    let r: f32 = 1.0 / (x * gammaTail0(a, x));
    return select(r, r * a, gammaByTerms(a, x));
  }
  return exp(gammaLogDensity(x, a)) / ${whole.name}(a, x);
}`,
  };
}

/** The derivative of ln(p/F) by a: in the smaller tail minus the mean of v. */
function hazardSlopeAShader(name: string, {own}: HazardSide, slope: ShaderFunction): ShaderFunction {
  return {
    name,
    uses: [slope, tail0Shader, tail1Shader, logMinusDigammaShader],
    source: () => `
fn ${name}(a: f32, x: f32) -> f32 {${atEnds('NAN', 'NAN')}
  if (${own}) { return select(0.0, 1.0 / a, gammaByTerms(a, x)) - gammaTail1(a, x) / gammaTail0(a, x); }
  return logMinusDigamma(x, a) - ${slope.name}(a, x);
}`,
  };
}

/** The derivative of ln(p/F) by x: in the smaller tail, by parts, from the mean of x (e^v − 1). */
function hazardSlopeXShader(name: string, {upper, own}: HazardSide, hazard: ShaderFunction): ShaderFunction {
  return {
    name,
    uses: [hazard, tail0Shader, tailXShader, gammaScoreShader],
    source: () => `
fn ${name}(a: f32, x: f32) -> f32 {${atEnds('NAN', 'NAN')}
  if (${own}) { return (gammaTailX(a, x) / gammaTail0(a, x) - 1.0) / x; }
  return gammaScore(x, a) ${upper ? '+' : '-'} ${hazard.name}(a, x);
}`,
  };
}

export const logIgammaDaShader = slopeShader('logIgammaDa', LOWER, atEnds('-INFINITY', '0.0'));
export const logIgammacDaShader = slopeShader('logIgammacDa', UPPER, atEnds('0.0', 'INFINITY'));
export const logIgammaDaaShader = curvatureShader('logIgammaDaa', LOWER, atEnds('NAN', '0.0'));
export const logIgammacDaaShader = curvatureShader('logIgammacDaa', UPPER, atEnds('0.0', 'NAN'));
export const lowerHazardShader = tailHazardShader('gammaLowerHazard', LOWER, atEnds('INFINITY', '0.0'));
export const upperHazardShader = tailHazardShader(
  'gammaUpperHazard',
  UPPER,
  atEnds('exp(gammaLogDensity(0.0, a))', '1.0'),
);
export const lowerHazardSlopeAShader = hazardSlopeAShader('gammaLowerHazardSlopeA', LOWER, logIgammaDaShader);
export const upperHazardSlopeAShader = hazardSlopeAShader('gammaUpperHazardSlopeA', UPPER, logIgammacDaShader);
export const lowerHazardSlopeXShader = hazardSlopeXShader('gammaLowerHazardSlopeX', LOWER, lowerHazardShader);
export const upperHazardSlopeXShader = hazardSlopeXShader('gammaUpperHazardSlopeX', UPPER, upperHazardShader);
