/** The covariance of a normal search distribution, in double precision on the host: full or diagonal. */
import {symmetricEigen} from '../math/scalar/symmetricEigen.js';

/** weight·vector·vectorᵀ, a term of a covariance. */
export interface RankOne {
  readonly weight: number;
  readonly vector: Float64Array;
}

export interface Covariance {
  /** C^{1/2}·z up to a rotation of z: normal with covariance C for standard normal z. */
  color(z: ArrayLike<number>): Float64Array;
  /** C^{−1/2}·y. */
  whiten(y: Float64Array): Float64Array;
  /** C ← keep·C + Σ weight·vector·vectorᵀ + widen·I. */
  blend(keep: number, terms: readonly RankOne[], widen?: number): void;
  /** Brings `color` and `whiten` up to date with C. Until then they follow the C that was last adopted. */
  adopt(): void;
  /** The square root of the ratio of C's greatest to its least eigenvalue, as last adopted. */
  axisRatio(): number;
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
    const n = this.#n;
    return Float64Array.from({length: n}, (_, i) => {
      let sum = 0;
      for (let j = 0; j < n; j++) sum += this.#axes[i * n + j]! * this.#lengths[j]! * z[j]!;
      return sum;
    });
  }

  whiten(y: Float64Array): Float64Array {
    const n = this.#n;
    const out = new Float64Array(n);
    for (let j = 0; j < n; j++) {
      let along = 0;
      for (let i = 0; i < n; i++) along += this.#axes[i * n + j]! * y[i]!;
      along /= this.#lengths[j]!;
      for (let i = 0; i < n; i++) out[i]! += this.#axes[i * n + j]! * along;
    }
    return out;
  }

  blend(keep: number, terms: readonly RankOne[], widen = 0): void {
    const n = this.#n;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) {
        let sum = keep * this.#c[i * n + j]! + (i === j ? widen : 0);
        for (const {weight, vector} of terms) sum += weight * vector[i]! * vector[j]!;
        this.#c[i * n + j] = sum;
      }
    }
  }

  adopt(): void {
    const {values, vectors} = symmetricEigen(this.#c, this.#n);
    const least = SHORTEST ** 2 * Math.max(...values);
    this.#axes = vectors;
    this.#lengths = values.map(v => Math.sqrt(Math.max(v, least)));
  }

  axisRatio(): number {
    return Math.max(...this.#lengths) / Math.min(...this.#lengths);
  }
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
    return this.#lengths.reduce((a, b) => Math.max(a, b)) / this.#lengths.reduce((a, b) => Math.min(a, b));
  }
}
