/**
 * The regularised incomplete beta function I_x(a, b), its complement, its derivatives by a and b and its inverse in
 * double precision.
 */
import {lbeta} from '../gamma/scalar.js';
import {betaScoreA, betaScoreB, betaSlope} from '../betaDensity/scalar.js';
import {
  exchanged,
  gap,
  logMass,
  logTail,
  tailRatio,
  type BetaDerivative,
  type LogTail,
  type Point,
} from './tailScalar.js';
import {log1mexp} from '../elementary/scalar.js';

const pointOf = (x: number): Point => ({x, y: 1 - x});
const valid = (a: number, b: number, x: number): boolean => a > 0 && b > 0 && x >= 0 && x <= 1;

/** ln I_x(a, b), or ln(1 − I_x(a, b)) where `upper`, at a point inside. */
export function logShare(a: number, b: number, at: Point, upper: boolean): number {
  if (!(a > 0 && b > 0)) return NaN;
  const above = gap(a, b, at) > 0;
  const far = logMass(a, b, at) + Math.log(above ? tailRatio(b, a, exchanged(at)) : tailRatio(a, b, at));
  if (above === upper) return Math.min(far, 0);
  return far >= 0 ? -Infinity : log1mexp(far);
}

function logAt(a: number, b: number, x: number, upper: boolean): number {
  if (!valid(a, b, x)) return NaN;
  if (x === 0 || x === 1) return (x === 1) === upper ? -Infinity : 0;
  return logShare(a, b, pointOf(x), upper);
}

export const logBetainc = (a: number, b: number, x: number): number => logAt(a, b, x, false);
export const logBetaincc = (a: number, b: number, x: number): number => logAt(a, b, x, true);
export const betainc = (a: number, b: number, x: number): number => Math.exp(logBetainc(a, b, x));
export const betaincc = (a: number, b: number, x: number): number => Math.exp(logBetaincc(a, b, x));

/** The nearer tail and the logarithm of q(x). */
interface Near extends LogTail {
  readonly above: boolean;
  readonly logMass: number;
}

/** The same derivative where a and b are exchanged. */
const EXCHANGED: Record<BetaDerivative, BetaDerivative> = {a: 'b', b: 'a', aa: 'bb', ab: 'ab', bb: 'aa'};

function nearer(a: number, b: number, x: number): Near {
  const at = pointOf(x);
  const mass = logMass(a, b, at);
  if (!(gap(a, b, at) > 0)) return {...logTail(a, b, at), above: false, logMass: mass};
  const {ratio, log} = logTail(b, a, exchanged(at));
  return {ratio, log: by => log(EXCHANGED[by]), above: true, logMass: mass};
}

/** The derivative of I_x(a, b) over q(x). */
function relative(by: BetaDerivative, {above, log, ratio}: Near): number {
  // its letters are those of first derivatives
  const raw = by.length === 1 ? log(by) : log(by) + log(by[0] as BetaDerivative) * log(by[1] as BetaDerivative);
  return (above ? -1 : 1) * ratio * raw;
}

/** A derivative of I_x(a, b). */
export function betaincDerivative(by: BetaDerivative, a: number, b: number, x: number): number {
  if (!valid(a, b, x)) return NaN;
  if (x === 0 || x === 1) return 0;
  const near = nearer(a, b, x);
  return Math.exp(near.logMass) * relative(by, near);
}

/** The derivative of a draw x by a or b at a fixed quantile: that of −I_x(a, b) over the density at x. */
export function betaSampleDerivative(by: 'a' | 'b', a: number, b: number, x: number): number {
  if (!valid(a, b, x)) return NaN;
  if (x === 0 || x === 1) return 0;
  return -x * (1 - x) * relative(by, nearer(a, b, x));
}

/** Its derivative by a, b or x. */
export function betaSampleBend(draw: 'a' | 'b', by: 'a' | 'b' | 'x', a: number, b: number, x: number): number {
  if (!valid(a, b, x)) return NaN;
  if (x === 0 || x === 1) return 0;
  const near = nearer(a, b, x);
  const first = -x * (1 - x) * relative(draw, near);
  const score = (u: 'a' | 'b') => (u === 'a' ? betaScoreA : betaScoreB)(x, a, b);
  if (by === 'x') return -score(draw) - first * betaSlope(x, a, b);
  return -x * (1 - x) * relative(draw !== by ? 'ab' : by === 'a' ? 'aa' : 'bb', near) - first * score(by);
}

/** A derivative of the logarithm of the lower or upper tail. */
export function logBetaincDerivative(by: BetaDerivative, upper: boolean, a: number, b: number, x: number): number {
  if (!valid(a, b, x)) return NaN;
  if ((x === 0 || x === 1) && (x === 1) !== upper) return 0;
  if (x === 0 || x === 1) return NaN;
  const near = nearer(a, b, x);
  if (near.above === upper) return near.log(by);
  const mass = Math.exp(near.logMass);
  const rest = 1 - mass * near.ratio;
  const slope = (u: BetaDerivative) => ((upper ? -1 : 1) * mass * relative(u, near)) / rest;
  return by.length === 1 ? slope(by) : slope(by) - slope(by[0] as BetaDerivative) * slope(by[1] as BetaDerivative); // as above
}

/** The density over the lower or upper tail. */
export function betaHazard(upper: boolean, a: number, b: number, x: number): number {
  if (!valid(a, b, x)) return NaN;
  if (x === 0 || x === 1)
    return (x === 1) === upper
      ? Infinity
      : (x === 0 ? a : b) === 1
        ? x === 0
          ? b
          : a
        : (x === 0 ? a : b) < 1
          ? Infinity
          : 0;
  const at = pointOf(x);
  const above = gap(a, b, at) > 0;
  const ratio = above ? tailRatio(b, a, exchanged(at)) : tailRatio(a, b, at);
  if (above === upper) return 1 / (ratio * x) / at.y;
  const mass = Math.exp(logMass(a, b, at));
  return mass / (1 - mass * ratio) / x / at.y;
}

/** The x with I_x(a, b) = p. */
export function betaincInv(a: number, b: number, p: number): number {
  if (!(a > 0 && b > 0 && p >= 0 && p <= 1)) return NaN;
  if (p === 0 || p === 1) return p;
  return 1 / (1 + Math.exp(-betaPointOf(a, b, Math.log(p), Math.log1p(-p))));
}

/** The logit of the x with ln I_x(a, b) = logLower and ln(1 − I_x(a, b)) = logUpper. */
export function betaPointOf(a: number, b: number, logLower: number, logUpper: number): number {
  const mode = {x: a / (a + b), y: b / (a + b)};
  const logit = Math.log(a / b);
  if (logLower <= Math.log(tailRatio(a, b, mode)) + logMass(a, b, mode)) return solve(a, b, logit, logLower);
  return -solve(b, a, -logit, logUpper);
}

/**
 * The logit of the point where the logarithm of the lower tail is `target`, not above the mode, whose logit is given:
 * Newton's method in the logit, in which that logarithm is concave, so that the iterates rise to the solution after the
 * first step.
 */
function solve(a: number, b: number, mode: number, target: number): number {
  const constant = lbeta(a, b);
  let w = mode;
  for (let i = 0; i < 100; i++) {
    const at = {x: 1 / (1 + Math.exp(-w)), y: 1 / (1 + Math.exp(w))};
    const ratio = at.x === 0 ? 1 / a : tailRatio(a, b, at);
    const softplus = Math.log1p(Math.exp(-Math.abs(w)));
    const value = a * (Math.min(w, 0) - softplus) - b * (Math.max(w, 0) + softplus) - constant + Math.log(ratio);
    const step = (value - target) * ratio;
    w = Math.min(w - step, mode);
    if (Math.abs(step) < 1e-11 * (1 + Math.abs(w))) break;
  }
  return w;
}
