/** The covariance of a normal search distribution, in double precision on the host: full or diagonal. */
import {symmetricEigen} from '../math/symmetricEigen.js';

/** weight·vector·vectorᵀ, a term of a covariance. */
export interface RankOne {
  readonly weight: number;
  readonly vector: Float64Array;
}

export interface Covariance {
  /**
   * C^{1/2}·z with the symmetric root, which does not depend on the order and the signs of C's axes: machines that
   * round otherwise see nearly the same.
   */
  color(z: ArrayLike<number>): Float64Array;
  /** C^{−1/2}·y. */
  whiten(y: Float64Array): Float64Array;
  /** C ← keep·C + Σ weight·vector·vectorᵀ + widen·I. */
  blend(keep: number, terms: readonly RankOne[], widen?: number): void;
  /** Brings `color` and `whiten` up to date with C. Until then they follow the C that was last adopted. */
  adopt(): void;
  /** The square root of the ratio of C's greatest to its least eigenvalue, as last adopted. */
  axisRatio(): number;
  /** Axis i, of the length of its standard deviation, as last adopted. */
  axis(i: number): Float64Array;
  /** The standard deviation in each coordinate. */
  deviations(): Float64Array;
  /** The length of the longest axis, as last adopted. */
  longest(): number;
}

export type CovarianceKind = 'full' | 'diagonal';

/** The n×n covariance variance·I. */
export function covarianceOf(kind: CovarianceKind, n: number, variance: number): Covariance {
  return kind === 'full' ? new FullCovariance(n, variance) : new DiagonalCovariance(n, variance);
}

/** Rounding may take an eigenvalue to 0 or below; no axis is shorter than this part of the longest. */
const SHORTEST = 1e-14;

class FullCovariance implements Covariance {
  readonly #n: number;
  /** Row-major; the upper triangle is left alone. */
  readonly #c: Float64Array;
  /** B, row-major: column j is the axis of length j. */
  #axes: Float64Array;
  #lengths: Float64Array;

  constructor(n: number, variance: number) {
    this.#n = n;
    this.#c = new Float64Array(n * n);
    for (let i = 0; i < n; i++) this.#c[i * n + i] = variance;
    this.#axes = this.#c.map(x => (x > 0 ? 1 : 0));
    this.#lengths = new Float64Array(n).fill(Math.sqrt(variance));
  }

  color(z: ArrayLike<number>): Float64Array {
    return this.#stretched(z, this.#lengths);
  }

  whiten(y: Float64Array): Float64Array {
    return this.#stretched(
      y,
      this.#lengths.map(length => 1 / length),
    );
  }

  blend(keep: number, terms: readonly RankOne[], widen = 0): void {
    const [n, c] = [this.#n, this.#c];
    for (let i = 0; i < n; i++) {
      for (let at = i * n; at <= i * n + i; at++) c[at]! *= keep;
      c[i * n + i]! += widen;
    }
    for (const {weight, vector} of terms) addOuter(c, n, weight, vector);
  }

  adopt(): void {
    const {values, vectors} = symmetricEigen(this.#c, this.#n);
    const least = SHORTEST ** 2 * values.reduce((a, b) => Math.max(a, b));
    this.#axes = vectors;
    this.#lengths = values.map(v => Math.sqrt(Math.max(v, least)));
  }

  axisRatio(): number {
    return ratio(this.#lengths);
  }

  axis(i: number): Float64Array {
    const [n, axes, length] = [this.#n, this.#axes, this.#lengths[i]!];
    return Float64Array.from({length: n}, (_, k) => length * axes[k * n + i]!);
  }

  deviations(): Float64Array {
    const [n, c] = [this.#n, this.#c];
    return Float64Array.from({length: n}, (_, i) => Math.sqrt(Math.max(0, c[i * n + i]!)));
  }

  longest(): number {
    return this.#lengths.reduce((a, b) => Math.max(a, b));
  }

  /** B·diag(factors)·Bᵀ·x. */
  #stretched(x: ArrayLike<number>, factors: Float64Array): Float64Array {
    const [n, axes] = [this.#n, this.#axes];
    const along = new Float64Array(n);
    for (let i = 0; i < n; i++) addRow(along, axes, i * n, x[i]!);
    for (let j = 0; j < n; j++) along[j]! *= factors[j]!;
    const out = new Float64Array(n);
    for (let i = 0; i < n; i++) out[i] = dotRow(along, axes, i * n);
    return out;
  }
}

/** The lower triangle of c plus that of weight·v·vᵀ. */
function addOuter(c: Float64Array, n: number, weight: number, v: Float64Array): void {
  for (let i = 0; i < n; i++) {
    const at = i * n;
    const factor = weight * v[i]!;
    for (let j = 0; j <= i; j++) c[at + j]! += factor * v[j]!;
  }
}

function addRow(sum: Float64Array, m: Float64Array, at: number, factor: number): void {
  for (let j = 0; j < sum.length; j++) sum[j]! += factor * m[at + j]!;
}

/** In two sums, of which neither waits for the other. */
function dotRow(x: Float64Array, m: Float64Array, at: number): number {
  const last = x.length - 1;
  let even = 0;
  let odd = 0;
  let j = 0;
  for (; j < last; j += 2) {
    even += x[j]! * m[at + j]!;
    odd += x[j + 1]! * m[at + j + 1]!;
  }
  return even + odd + (j === last ? x[j]! * m[at + j]! : 0);
}

function ratio(lengths: Float64Array): number {
  return lengths.reduce((a, b) => Math.max(a, b)) / lengths.reduce((a, b) => Math.min(a, b));
}

class DiagonalCovariance implements Covariance {
  readonly #variances: Float64Array;
  #lengths: Float64Array;

  constructor(n: number, variance: number) {
    this.#variances = new Float64Array(n).fill(variance);
    this.#lengths = this.#variances.map(Math.sqrt);
  }

  color(z: ArrayLike<number>): Float64Array {
    return this.#lengths.map((length, i) => length * z[i]!);
  }

  whiten(y: Float64Array): Float64Array {
    return y.map((v, i) => v / this.#lengths[i]!);
  }

  blend(keep: number, terms: readonly RankOne[], widen = 0): void {
    this.#variances.forEach((variance, i) => {
      let sum = keep * variance + widen;
      for (const {weight, vector} of terms) sum += weight * vector[i]! ** 2;
      this.#variances[i] = sum;
    });
  }

  adopt(): void {
    const least = SHORTEST ** 2 * this.#variances.reduce((a, b) => Math.max(a, b));
    this.#lengths = this.#variances.map(v => Math.sqrt(Math.max(v, least)));
  }

  axisRatio(): number {
    return ratio(this.#lengths);
  }

  axis(i: number): Float64Array {
    return this.#lengths.map((length, k) => (k === i ? length : 0));
  }

  deviations(): Float64Array {
    return this.#variances.map(v => Math.sqrt(Math.max(0, v)));
  }

  longest(): number {
    return this.#lengths.reduce((a, b) => Math.max(a, b));
  }
}
