/** The beta density and its derivatives for GPUs, around its peak (Loader 2000) where a + b is large. */
import type {ShaderFunction} from '../../kernels/elementwise/definition.js';
import {gapShader, saddleShader} from './commonShader.js';
import {log1pShader, log1pmxShader} from '../elementary/shader.js';
import {stirlingSlopeShader} from '../gamma/shader.js';
import {polygammaDifferenceShader} from '../gamma/polygammaShader.js';

/** ln(x^a y^b / B(a, b)), with y = 1 − x and d = (a + b) x − a. */
export const betaLogMassShader: ShaderFunction = {
  name: 'betaLogMass',
  uses: [saddleShader, log1pShader, log1pmxShader],
  source: () => `
fn betaLogMass(a: f32, b: f32, x: f32, y: f32, d: f32) -> f32 {
  let logs: f32 = select(log1p(-y), safeLog(x), x < y);
  let others: f32 = select(safeLog(y), log1p(-x), x < y);
  if (a + b < 16.0) {
    return (a * logs + a * log1p(b / a)) + (b * others + b * log1p(a / b)) + betaSaddle(a, b);
  }
  let u: f32 = d / a;
  let v: f32 = -d / b;
  // far from the peak, where 1 + u has lost its digits
  var first: f32 = a * log1pmx(u);
  var second: f32 = b * log1pmx(v);
  if (u < -0.5) { first = a * (logs + log1p(b / a)) - d; }
  if (v < -0.5) { second = b * (others + log1p(a / b)) + d; }
  return first + second + betaSaddle(a, b);
}`,
};

export const betaLogDensityShader: ShaderFunction = {
  name: 'betaLogDensity',
  uses: [betaLogMassShader, gapShader],
  source: () => `
fn betaLogDensity(x: f32, a: f32, b: f32) -> f32 {
  if (!(a > 0.0 && b > 0.0 && x >= 0.0 && x <= 1.0)) { return NAN; }
  if (x == 0.0) { return select(select(-INFINITY, INFINITY, a < 1.0), log(b), a == 1.0); }
  if (x == 1.0) { return select(select(-INFINITY, INFINITY, b < 1.0), log(a), b == 1.0); }
  let y: f32 = 1.0 - x;
  if (a + b < 16.0) {
    return ((a - 1.0) * log(x) + a * log1p(b / a)) + ((b - 1.0) * log1p(-x) + b * log1p(a / b)) + betaSaddle(a, b);
  }
  return betaLogMass(a, b, x, y, betaGap(a, b, x, y)) - (log(x) + log1p(-x));
}`,
};

/** (a − 1)/x − (b − 1)/(1 − x) = (a − 1 − (a + b − 2) x) / (x (1 − x)). */
export const betaSlopeShader: ShaderFunction = {
  name: 'betaSlope',
  uses: [gapShader],
  source: () => `
fn betaSlope(x: f32, a: f32, b: f32) -> f32 {
  let y: f32 = 1.0 - x;
  if (a > 64.0 && b > 64.0 && x > 0.0 && y > 0.0) {
    // a − 1 and b − 1 would round
    return (-betaGap(a, b, x, y) - (y - x)) / x / y;
  }
  return select((a - 1.0) / x, 0.0, a == 1.0) - select((b - 1.0) / y, 0.0, b == 1.0);
}`,
};

/** ln x − ψ(a) + ψ(a + b). */
export const betaScoreAShader: ShaderFunction = {
  name: 'betaScoreA',
  uses: [gapShader, polygammaDifferenceShader, stirlingSlopeShader],
  source: () => `
fn betaScoreOf(x: f32, y: f32, a: f32, b: f32) -> f32 {
  let n: f32 = a + b;
  let u: f32 = betaGap(a, b, x, y) / a;
  if (abs(u) < 0.5 && a > 4.0) {
    return log1p(u) + (0.5 / a - stirlingSlope(a)) - (0.5 / n - stirlingSlope(n));
  }
  return select(log1p(-y), safeLog(x), x < y) + polygammaDifference(0.0, a, b);
}

fn betaScoreA(x: f32, a: f32, b: f32) -> f32 {
  return betaScoreOf(x, 1.0 - x, a, b);
}`,
};

/** ln(1 − x) − ψ(b) + ψ(a + b). */
export const betaScoreBShader: ShaderFunction = {
  name: 'betaScoreB',
  uses: [betaScoreAShader],
  source: () => `
fn betaScoreB(x: f32, a: f32, b: f32) -> f32 {
  return betaScoreOf(1.0 - x, x, b, a);
}`,
};
