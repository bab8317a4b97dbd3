/** A linear-quadratic regulator with noise, and what is known of it exactly, in double precision. */

export type Matrix = readonly (readonly number[])[];

/**
 * s′ = A s + B a + w ζ with ζ ~ N(0, 1), s₀ ~ N(0, 1); each of the `horizon` steps costs sᵀQs + aᵀRa, and the last
 * state sᵀQs once more.
 */
export interface Regulator {
  readonly a: Matrix;
  readonly b: Matrix;
  readonly q: Matrix;
  readonly r: Matrix;
  /** w. */
  readonly noise: number;
  readonly horizon: number;
}

/**
 * State 4, action 2, horizon 20: two masses that are slowed down, each driven mostly by one action, with a weak pull of
 * either on the other.
 */
export const regulator: Regulator = {
  a: [
    [0.9, 0.3, 0, 0],
    [0, 0.8, 0.1, 0],
    [0, 0, 0.9, 0.3],
    [0.1, 0, 0, 0.8],
  ],
  b: [
    [0, 0],
    [0.4, 0.1],
    [0, 0],
    [-0.1, 0.3],
  ],
  q: diagonal([1, 0.1, 1, 0.1]),
  r: diagonal([0.5, 0.5]),
  noise: 0.1,
  horizon: 20,
};

/** The optimal gains K_t, of actions a = K_t s, by Riccati's recursion, and the cost that they expect. */
export function solve({a, b, q, r, noise, horizon}: Regulator): {gains: Matrix[]; cost: number} {
  const gains: Matrix[] = [];
  let p = q;
  for (let t = horizon - 1; t >= 0; t--) {
    const pb = product(p, b);
    const gain = scaled(product(inverse2(sum(r, product(transposed(b), pb))), product(transposed(pb), a)), -1);
    gains.unshift(gain);
    p = costToGo({a, b, q, r, noise, horizon}, gain, p);
  }
  return {gains, cost: expectedCost({a, b, q, r, noise, horizon}, gains)};
}

/**
 * The expected cost of a = K_t s + scale·η, η ~ N(0, 1), s₀ ~ N(0, 1): tr P₀ + Σ_t w² tr P_{t+1} + scale² tr(R +
 * BᵀP_{t+1}B).
 */
export function expectedCost(system: Regulator, gains: readonly Matrix[], scale = 0): number {
  const {b, q, r, noise, horizon} = system;
  let p = q;
  let total = 0;
  for (let t = horizon - 1; t >= 0; t--) {
    total += noise ** 2 * trace(p) + scale ** 2 * trace(sum(r, product(transposed(b), product(p, b))));
    p = costToGo(system, gains[t]!, p);
  }
  return total + trace(p);
}

/** Q + KᵀRK + (A + BK)ᵀ P (A + BK): what a state costs from here on without noise. */
function costToGo({a, b, q, r}: Regulator, gain: Matrix, p: Matrix): Matrix {
  const closed = sum(a, product(b, gain));
  return sum(q, sum(product(transposed(gain), product(r, gain)), product(transposed(closed), product(p, closed))));
}

function product(x: Matrix, y: Matrix): Matrix {
  return x.map(row => y[0]!.map((_, j) => row.reduce((s, v, k) => s + v * y[k]![j]!, 0)));
}

function sum(x: Matrix, y: Matrix): Matrix {
  return x.map((row, i) => row.map((v, j) => v + y[i]![j]!));
}

function scaled(x: Matrix, factor: number): Matrix {
  return x.map(row => row.map(v => v * factor));
}

function transposed(x: Matrix): Matrix {
  return x[0]!.map((_, j) => x.map(row => row[j]!));
}

function trace(x: Matrix): number {
  return x.reduce((s, row, i) => s + row[i]!, 0);
}

function diagonal(values: readonly number[]): Matrix {
  return values.map((v, i) => values.map((_, j) => (i === j ? v : 0)));
}

function inverse2(x: Matrix): Matrix {
  const [[a, b], [c, d]] = x as [[number, number], [number, number]]; // there are two actions
  const det = a * d - b * c;
  return [
    [d / det, -b / det],
    [-c / det, a / det],
  ];
}
