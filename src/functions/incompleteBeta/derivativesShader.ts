/** Derivatives of the incomplete beta function, and of beta variables, by their parameters, for GPUs. */
import type {BetaDerivative} from './tailScalar.js';
import type {ShaderFunction} from '../../kernels/elementwise/definition.js';
import {betaScoreAShader, betaScoreBShader, betaSlopeShader} from '../betaDensity/shader.js';
import {nearLogShader, valid} from './shader.js';
import {polygammaDifferenceShader, polygammaShader} from '../gamma/polygammaShader.js';

/** Derivatives of the logarithm of the nearer tail by a and b, left in betaA to betaBB. */
const nearDerivativesShader: ShaderFunction = {
  name: 'betaNearDerivatives',
  uses: [nearLogShader, betaScoreAShader, polygammaDifferenceShader, polygammaShader],
  source: () => `
${['A', 'B', 'AA', 'AB', 'BB'].map(name => `var<private> beta${name}: f32;`).join('\n')}
fn betaTailDerivatives(a: f32, b: f32, x: f32, y: f32) -> bool {
  let n: f32 = a + b;
  let k: f32 = 1.0 + n * tailT;
  let ka: f32 = (tailT + n * tailTA) / k;
  let kb: f32 = (tailT + n * tailTB) / k;
  if (a > 4.0) {
    betaA = betaScoreOf(x, y, a, b) - 1.0 / a + ka;
  } else {
    betaA = select(log1p(-y), safeLog(x), x < y) + (polygammaDifference(0.0, a + 1.0, b) - 1.0 / n) + ka;
  }
  betaB = betaScoreOf(y, x, b, a) + kb;
  betaAA = polygammaDifference(1.0, a + 1.0, b) + 1.0 / n / n + ((2.0 * tailTA + n * tailTAA) / k - ka * ka);
  betaAB = polygamma(1.0, n) + ((tailTA + tailTB + n * tailTAB) / k - ka * kb);
  betaBB = polygammaDifference(1.0, b, a) + ((2.0 * tailTB + n * tailTBB) / k - kb * kb);
  return true;
}
fn betaNearDerivatives(a: f32, b: f32, x: f32, y: f32) -> f32 {
  let near: f32 = betaNearLog(a, b, x, y);
  let done: bool = betaTailDerivatives(select(a, b, betaAbove), select(b, a, betaAbove), select(x, y, betaAbove), select(y, x, betaAbove));
  if (!betaAbove) { return near; }
  let first: f32 = betaA;
  betaA = betaB;
  betaB = first;
  let second: f32 = betaAA;
  betaAA = betaBB;
  betaBB = second;
  return near;
}`,
};

const NAMES = {a: 'A', b: 'B', aa: 'AA', ab: 'AB', bb: 'BB'} as const satisfies Record<BetaDerivative, string>;

/** The derivative of I_x(a, b) over q(x), in terms of the module variables. */
const relative = (by: BetaDerivative): string => {
  const [i, j] = [...NAMES[by]];
  return `select(betaRatio, -betaRatio, betaAbove) * ${j === undefined ? `beta${i}` : `(beta${NAMES[by]} + beta${i} * beta${j})`}`;
};

export const betaincDerivativeShader = (by: BetaDerivative): ShaderFunction => ({
  name: `betaincD${NAMES[by]}`,
  uses: [nearDerivativesShader],
  source: () => `
fn betaincD${NAMES[by]}(a: f32, b: f32, x: f32) -> f32 {
  ${valid}
  if (x == 0.0 || x == 1.0) { return 0.0; }
  let near: f32 = betaNearDerivatives(a, b, x, 1.0 - x);
  return exp(betaMass) * (${relative(by)});
}`,
});

/** −F_a/p or −F_b/p. */
export const betaSampleDerivativeShader = (by: 'a' | 'b'): ShaderFunction => ({
  name: `betaSampleDerivative${NAMES[by]}`,
  uses: [nearDerivativesShader],
  source: () => `
fn betaSampleDerivative${NAMES[by]}(a: f32, b: f32, x: f32) -> f32 {
  ${valid}
  if (x == 0.0 || x == 1.0) { return 0.0; }
  let near: f32 = betaNearDerivatives(a, b, x, 1.0 - x);
  return -(1.0 - x) * (x * (${relative(by)}));
}`,
});

/** The derivative of that by a, b or x: −F_aa/p + (F_a/p) ∂ ln p/∂a and so on. */
export const betaSampleBendShader = (draw: 'a' | 'b', by: 'a' | 'b' | 'x'): ShaderFunction => {
  const name = `betaSample${NAMES[draw]}By${by.toUpperCase()}`;
  const score = (u: 'a' | 'b') => `betaScore${NAMES[u]}(x, a, b)`;
  const second = by === 'x' ? '' : relative(draw !== by ? 'ab' : by === 'a' ? 'aa' : 'bb');
  return {
    name,
    uses: [nearDerivativesShader, betaScoreBShader, betaSlopeShader],
    source: () => `
fn ${name}(a: f32, b: f32, x: f32) -> f32 {
  ${valid}
  if (x == 0.0 || x == 1.0) { return 0.0; }
  let near: f32 = betaNearDerivatives(a, b, x, 1.0 - x);
  let weight: f32 = x * (1.0 - x);
  let first: f32 = ${relative(draw)};
  return ${by === 'x' ? `weight * (first * betaSlope(x, a, b)) - ${score(draw)}` : `weight * (first * ${score(by)} - ${second})`};
}`,
  };
};

export const logBetaincDerivativeShader = (by: BetaDerivative, upper: boolean): ShaderFunction => {
  const name = `logBetainc${upper ? 'c' : ''}D${NAMES[by]}`;
  const sign = upper ? '-' : '';
  const [i, j] = [...by] as [BetaDerivative, BetaDerivative?]; // its letters are those of first derivatives
  const product = j === undefined ? '' : ` - scale * scale * (${relative(i)}) * (${relative(j)})`;
  return {
    name,
    uses: [nearDerivativesShader],
    source: () => `
fn ${name}(a: f32, b: f32, x: f32) -> f32 {
  ${valid}
  if (x == 0.0 || x == 1.0) { return select(0.0, NAN, (x == 1.0) == ${upper}); }
  let near: f32 = betaNearDerivatives(a, b, x, 1.0 - x);
  if (betaAbove == ${upper}) { return beta${NAMES[by]}; }
  let scale: f32 = ${sign}exp(betaMass) / -expm1(near);
  return scale * (${relative(by)})${product};
}`,
  };
};
