import * as tf from '@tensorflow/tfjs';

/** A function of a vector, twice: with tfjs operations, and in float64 as the reference. */
export interface Case {
  name: string;
  at: number[];
  op: (x: tf.Tensor1D) => tf.Tensor;
  reference: (x: number[]) => number[];
  /** Backends on which tfjs lacks a gradient kernel that the case needs, or has a wrong one. */
  lacking?: string[];
}

type Scalar = (x: number[]) => number;

/** Distinct weights, so that no two components of an output can stand in for each other. */
function weights(n: number, seed: number): number[] {
  return Array.from({length: n}, (_, i) => Math.cos(seed + 2.3 * i) + 0.3);
}

/** Derivative of f along v at x, by the central five-point rule in float64. */
function along(f: Scalar, v: number[]): Scalar {
  const h = 1e-2;
  const move = (x: number[], t: number) => f(x.map((xi, i) => xi + t * v[i]!));
  return x => (8 * (move(x, h) - move(x, -h)) - (move(x, 2 * h) - move(x, -2 * h))) / (12 * h);
}

function gradient(f: Scalar, x: number[]): number[] {
  return x.map((_, i) =>
    along(
      f,
      x.map((_, j) => (i === j ? 1 : 0)),
    )(x),
  );
}

/**
 * Derivatives of order 1, 2 and 3 of L(x) = sum w·f(x), each as a vector: ∇L, ∇(D_v L) and ∇(D_u D_v L) for fixed v and
 * u.
 */
export function referenceDerivatives(c: Case): number[][] {
  const w = weights(c.reference(c.at).length, 1);
  const loss: Scalar = x => c.reference(x).reduce((sum, y, i) => sum + w[i]! * y, 0);
  const first = along(loss, weights(c.at.length, 2));
  return [gradient(loss, c.at), gradient(first, c.at), gradient(along(first, weights(c.at.length, 3)), c.at)];
}

/** The same vectors, up to `orders` of them, by nested tf.grad. */
export async function tfjsDerivatives(c: Case, orders: number): Promise<number[][]> {
  const n = c.at.length;
  const loss = (x: tf.Tensor) => {
    const y = c.op(x as tf.Tensor1D);
    return tf.sum(tf.mul(tf.reshape(y, [-1]), tf.tensor1d(weights(y.size, 1))));
  };
  const next = (f: (x: tf.Tensor) => tf.Tensor, seed: number) => (x: tf.Tensor) =>
    tf.sum(tf.mul(tf.grad(f)(x), tf.tensor1d(weights(n, seed))));
  const first = next(loss, 2);
  const got: number[][] = [];
  for (const f of [loss, first, next(first, 3)].slice(0, orders)) {
    const g = tf.tidy(() => tf.grad(f)(tf.tensor1d(c.at)));
    got.push(Array.from(await g.data()));
    g.dispose();
  }
  return got;
}

/** Largest |got − exact| / (1 + max |exact|). */
export function relativeError(got: number[], exact: number[]): number {
  const scale = 1 + Math.max(...exact.map(Math.abs));
  return Math.max(...got.map((g, i) => (Number.isFinite(g) ? Math.abs(g - exact[i]!) / scale : Infinity)));
}
