/** The incomplete beta function for GPUs, by the integral of math/tailScalar.ts. */
import type {ShaderFunction} from '../../kernels/elementwise/definition.js';
import {bendShader, gapShader} from '../betaDensity/commonShader.js';
import {betaLogMassShader} from '../betaDensity/shader.js';
import {expm1Shader, log1mexpShader} from '../elementary/shader.js';
import {tailLoop} from './quadratureShader.js';

/** (a + 1) ln(x/t) + b ln((1 − x)/(1 − t)) at s; leaves ln(t/x) in tailL and ln((1 − t)/(1 − x)) in tailM. */
const exponentShader: ShaderFunction = {
  name: 'betaTailExponent',
  uses: [bendShader],
  source: () => `
var<private> tailL: f32;
var<private> tailM: f32;
fn betaTailExponent(a: f32, b: f32, x: f32, y: f32, d: f32, s: f32) -> f32 {
  let below: bool = x <= y;
  let bend: f32 = betaBend(min(x, y), select(s, -s, below));
  if (below) {
    tailM = x * s - bend;
    tailL = tailM - s;
  } else {
    tailL = -(bend + y * s);
    tailM = tailL + s;
  }
  return (a + b) * bend - d * s - tailL;
}`,
};

const momentsShader: ShaderFunction = tailLoop('betaTailMoments', {
  parameters: 'a: f32, b: f32, x: f32, y: f32, d: f32',
  arguments: 'a, b, x, y, d',
  value: 'betaTailExponent(a, b, x, y, d, s)',
  slope: 'y - d - (a + b + 1.0) * x * expm1(tailL)',
  slopeAt0: 'y - d',
  curvature: '(a + b + 1.0) * x * y',
  visit: `
    let f: f32 = w * x * exp(-g);
    tailT = tailT + f;
    tailTA = tailTA + f * tailL;
    tailTB = tailTB + f * tailM;
    tailTAA = tailTAA + f * tailL * tailL;
    tailTAB = tailTAB + f * tailL * tailM;
    tailTBB = tailTBB + f * tailM * tailM;`,
  uses: [
    exponentShader,
    expm1Shader,
    {
      name: 'betaTailSums',
      source: () => ['T', 'TA', 'TB', 'TAA', 'TAB', 'TBB'].map(name => `var<private> tail${name}: f32;`).join('\n'),
    },
  ],
});

/** I_x(a, b) / q(x) for x at most the mode, where q(x) = x^a y^b / B(a, b); leaves the moments. */
const ratioShader: ShaderFunction = {
  name: 'betaTailRatio',
  uses: [momentsShader],
  source: () => `
fn betaTailRatio(a: f32, b: f32, x: f32, y: f32, d: f32) -> f32 {
  tailT = 0.0;
  tailTA = 0.0;
  tailTB = 0.0;
  tailTAA = 0.0;
  tailTAB = 0.0;
  tailTBB = 0.0;
  let done: bool = betaTailMoments(a, b, x, y, d);
  return (1.0 + (a + b) * tailT) / a;
}`,
};

/** The logarithm of the nearer tail, by which `betaAbove` says; leaves ln q(x) and the tail over q(x). */
export const nearLogShader: ShaderFunction = {
  name: 'betaNearLog',
  uses: [ratioShader, betaLogMassShader, gapShader],
  source: () => `
var<private> betaAbove: bool;
var<private> betaMass: f32;
var<private> betaRatio: f32;
fn betaNearLog(a: f32, b: f32, x: f32, y: f32) -> f32 {
  let d: f32 = betaGap(a, b, x, y);
  betaAbove = d > 0.0;
  betaMass = betaLogMass(a, b, x, y, d);
  betaRatio = betaTailRatio(select(a, b, betaAbove), select(b, a, betaAbove), select(x, y, betaAbove), select(y, x, betaAbove), -abs(d));
  return min(betaMass + log(betaRatio), 0.0);
}`,
};

/** The first statement of functions of a, b and x. */
export const valid = 'if (!(a > 0.0 && b > 0.0 && x >= 0.0 && x <= 1.0)) { return NAN; }';

/** ln I_x(a, b), or ln(1 − I_x(a, b)) where `upper`. */
const logShareShader: ShaderFunction = {
  name: 'betaLogShare',
  uses: [nearLogShader, log1mexpShader],
  source: () => `
fn betaLogShare(a: f32, b: f32, x: f32, y: f32, upper: bool) -> f32 {
  let near: f32 = betaNearLog(a, b, x, y);
  if (betaAbove == upper) { return near; }
  return log1mexp(near);
}
fn betaLogTail(a: f32, b: f32, x: f32, upper: bool) -> f32 {
  ${valid}
  if (x == 0.0 || x == 1.0) { return select(0.0, -INFINITY, (x == 1.0) == upper); }
  return betaLogShare(a, b, x, 1.0 - x, upper);
}`,
};

const entry = (name: string, body: string): ShaderFunction => ({
  name,
  uses: [logShareShader],
  source: () => `fn ${name}(a: f32, b: f32, x: f32) -> f32 { ${body} }`,
});

export const logBetaincShader = entry('logBetainc', 'return betaLogTail(a, b, x, false);');
export const logBetainccShader = entry('logBetaincc', 'return betaLogTail(a, b, x, true);');
export const betaincShader = entry('betainc', `${valid} return exp(betaLogTail(a, b, x, false));`);
export const betainccShader = entry('betaincc', `${valid} return exp(betaLogTail(a, b, x, true));`);

/** The density over the lower or upper tail. */
export const betaHazardShader = (upper: boolean): ShaderFunction => ({
  name: `betaHazard${upper ? 'Upper' : 'Lower'}`,
  uses: [nearLogShader, expm1Shader],
  source: () => `
fn betaHazard${upper ? 'Upper' : 'Lower'}(a: f32, b: f32, x: f32) -> f32 {
  ${valid}
  if (x == 0.0 || x == 1.0) {
    if ((x == 1.0) == ${upper}) { return INFINITY; }
    let c: f32 = select(b, a, x == 0.0);
    if (c == 1.0) { return select(a, b, x == 0.0); }
    return select(0.0, INFINITY, c < 1.0);
  }
  let near: f32 = betaNearLog(a, b, x, 1.0 - x);
  if (betaAbove == ${upper}) { return 1.0 / (betaRatio * x) / (1.0 - x); }
  return exp(betaMass) / -expm1(near) / x / (1.0 - x);
}`,
});

/**
 * The logit of the point below the mode whose lower tail has the logarithm `goal`, by Newton's method in the logit as
 * on hosts.
 */
export const betaSolveShader: ShaderFunction = {
  name: 'betaSolve',
  uses: [nearLogShader],
  source: () => `
fn betaSolve(a: f32, b: f32, goal: f32) -> f32 {
  let mode: f32 = log(a) - log(b);
  var w: f32 = mode;
  for (var i: i32 = 0; i < 40; i = i + 1) {
    let x: f32 = betaSigmoid(w);
    let y: f32 = betaSigmoid(-w);
    var value: f32 = 0.0;
    var ratio: f32 = 1.0 / a;
    if (w < -80.0) {
      value = a * w + a * log1p(b / a) + b * log1p(a / b) + betaSaddle(a, b) - log(a);
    } else {
      let d: f32 = min(betaGap(a, b, x, y), 0.0);
      ratio = betaTailRatio(a, b, x, y, d);
      value = betaLogMass(a, b, x, y, d) + log(ratio);
    }
    let step: f32 = (value - goal) * ratio;
    w = min(w - step, mode);
    if (abs(step) < 1e-7 * (1.0 + abs(w))) { break; }
  }
  return w;
}
fn betaLogAtMode(a: f32, b: f32) -> f32 {
  let n: f32 = a + b;
  return betaLogMass(a, b, a / n, b / n, 0.0) + log(betaTailRatio(a, b, a / n, b / n, 0.0));
}`,
};

export const betaincInvShader: ShaderFunction = {
  name: 'betaincInv',
  uses: [betaSolveShader],
  source: () => `
fn betaincInv(a: f32, b: f32, p: f32) -> f32 {
  if (!(a > 0.0 && b > 0.0 && p >= 0.0 && p <= 1.0)) { return NAN; }
  if (p == 0.0 || p == 1.0) { return p; }
  let above: bool = log(p) > betaLogAtMode(a, b);
  let logit: f32 = betaSolve(select(a, b, above), select(b, a, above), select(log(p), log1p(-p), above));
  return betaSigmoid(select(logit, -logit, above));
}`,
};
