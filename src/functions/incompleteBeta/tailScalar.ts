/**
 * The tail of a beta distribution, relative to the density where it starts, with its derivatives by both parameters, in
 * double precision.
 *
 * With the logit w of t as the variable the density is q(t) = t^a (1 − t)^b / B(a, b), log-concave for all a, b > 0.
 * For x at most the mode a/(a + b), h(s) = ln q(x) − ln q(t), where w lies s below the logit of x, is convex, and
 * integration by parts gives I_x(a, b) = E K, E = x^a (1 − x)^b / (a B(a, b)), K = 1 + (a + b) ∫ t e^{−h} ds, in which
 * nothing cancels however small a is, nor in the derivatives of ln E and K. The other tail is the same with a and b, x
 * and 1 − x exchanged.
 */
import {lbeta, polygamma, polygammaDifference} from '../gamma/scalar.js';
import {tailNodes, type Exponent} from './quadratureScalar.js';

/** A point between 0 and 1 with y = 1 − x, each to full relative precision. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** (a + b) x − a, which is < 0 below the mode. */
export const gap = (a: number, b: number, {x, y}: Point): number => (x < y ? (a + b) * x - a : b - (a + b) * y);

export const exchanged = ({x, y}: Point): Point => ({x: y, y: x});

/** ln x. */
const logOf = ({x, y}: Point): number => (x < y ? Math.log(x) : Math.log1p(-y));

/** ln q(x). */
export function logMass(a: number, b: number, at: Point): number {
  return a * logOf(at) + b * logOf(exchanged(at)) - lbeta(a, b);
}

/** ln(t/x) and ln((1 − t)/(1 − x)) for t whose logit lies s below that of x. */
function logRatios({x, y}: Point, s: number): [number, number] {
  if (x <= y) {
    const up = -Math.log1p(x * Math.expm1(-s));
    return [up - s, up];
  }
  const down = -Math.log1p(y * Math.expm1(Math.min(s, 700)));
  return [down, down + s];
}

/**
 * Calls visit(w, l, m) with the nodes of ∫ t e^{−h} · ds: their weights, all factors included, ln(t/x) and ln((1 −
 * t)/(1 − x)).
 */
function nodes(a: number, b: number, at: Point, visit: (weight: number, l: number, m: number) => void): void {
  const {x, y} = at;
  // t e^{−h} is the same for a + 1 in the place of a
  const exponent: Exponent = s => {
    const [l, m] = logRatios(at, s);
    return [-(a + 1) * l - b * m, a + 1 - (a + b + 1) * x * Math.exp(l)];
  };
  tailNodes(exponent, y - gap(a, b, at), (a + b + 1) * x * y, 1, (s, weight) => {
    const [l, m] = logRatios(at, s);
    visit(weight * x * Math.exp((a + 1) * l + b * m), l, m);
  });
}

/** The largest a + b for which the continued fraction, of about √(a + b) terms, is faster than the integral. */
const FEW_TERMS = 3000;

/**
 * I_x(a, b) / q(x) for x at most the mode: the continued fraction of DLMF 8.17.22 by Lentz's method, or the integral.
 */
export function tailRatio(a: number, b: number, at: Point): number {
  const n = a + b;
  const {x} = at;
  if (n > FEW_TERMS) {
    let sum = 0;
    nodes(a, b, at, weight => {
      sum += weight;
    });
    return (1 + n * sum) / a;
  }
  let c = 1;
  let d = 1 / (1 - (n * x) / (a + 1));
  let f = d;
  for (let m = 1; m < 1000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / (1 + even * d);
    c = 1 + even / c;
    f *= c * d;
    const odd = (-(a + m) * (n + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / (1 + odd * d);
    c = 1 + odd / c;
    f *= c * d;
    if (Math.abs(c * d - 1) < 1e-13) break;
  }
  return f / a;
}

/** A derivative of first or second order by a and b. */
export type BetaDerivative = 'a' | 'b' | 'aa' | 'ab' | 'bb';

/** I_x(a, b) / q(x) for x at most the mode, and the derivatives of ln I_x(a, b) at a fixed x. */
export interface LogTail {
  readonly ratio: number;
  readonly log: (by: BetaDerivative) => number;
}

export function logTail(a: number, b: number, at: Point): LogTail {
  const n = a + b;
  let [t, ta, tb, taa, tab, tbb] = [0, 0, 0, 0, 0, 0];
  nodes(a, b, at, (w, l, m) => {
    t += w;
    ta += w * l;
    tb += w * m;
    taa += w * l * l;
    tab += w * l * m;
    tbb += w * m * m;
  });
  const k = 1 + n * t;
  const ka = (t + n * ta) / k;
  const kb = (t + n * tb) / k;
  // those of ln E and of ln K
  const derivatives: Record<BetaDerivative, () => number> = {
    a: () => logOf(at) + (polygammaDifference(0, a + 1, b) - 1 / n) + ka,
    b: () => logOf(exchanged(at)) + polygammaDifference(0, b, a) + kb,
    aa: () => polygammaDifference(1, a + 1, b) + 1 / n / n + ((2 * ta + n * taa) / k - ka * ka),
    ab: () => polygamma(1, n) + ((ta + tb + n * tab) / k - ka * kb),
    bb: () => polygammaDifference(1, b, a) + ((2 * tb + n * tbb) / k - kb * kb),
  };
  return {ratio: k / a, log: by => derivatives[by]()};
}
