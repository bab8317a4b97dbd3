/** Eigenvalues and eigenvectors of one symmetric matrix in double precision. */

export interface SymmetricEigen {
  /** In no particular order. */
  readonly values: Float64Array;
  /** n×n, row-major: column j belongs to value j; the columns are orthonormal. */
  readonly vectors: Float64Array;
}

const SWEEPS = 60;

/**
 * a = V·diag(values)·Vᵀ for the symmetric n×n matrix `a` (row-major, its lower triangle is read), by cyclic Jacobi rotations: each makes one element off the
 * diagonal zero, until all are below rounding. Golub and Van Loan, Matrix Computations, section 8.5; O(n³) a sweep, some 6 to 10 sweeps.
 */
export function symmetricEigen(a: ArrayLike<number>, n: number): SymmetricEigen {
  const m = new Float64Array(n * n);
  const v = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    v[i * n + i] = 1;
    for (let j = 0; j <= i; j++) m[i * n + j] = m[j * n + i] = a[i * n + j]!;
  }
  for (let sweep = 0; sweep < SWEEPS && rotateAll(m, v, n); sweep++);
  return {values: Float64Array.from({length: n}, (_, i) => m[i * n + i]!), vectors: v};
}

/** One sweep over all pairs; false if no element off the diagonal was worth a rotation. */
function rotateAll(m: Float64Array, v: Float64Array, n: number): boolean {
  let rotated = false;
  for (let p = 0; p < n - 1; p++) {
    for (let q = p + 1; q < n; q++) {
      const off = m[p * n + q]!;
      const [first, second] = [m[p * n + p]!, m[q * n + q]!];
      if (Math.abs(off) <= 2 ** -53 * Math.sqrt(Math.abs(first * second)) || off === 0) continue;
      rotated = true;
      const ratio = (second - first) / (2 * off);
      const t = (ratio >= 0 ? 1 : -1) / (Math.abs(ratio) + Math.hypot(1, ratio)); // the smaller root of t² + 2·ratio·t = 1
      const c = 1 / Math.hypot(1, t);
      rotate(m, v, n, p, q, c, t * c);
      m[p * n + p] = first - t * off;
      m[q * n + q] = second + t * off;
      m[p * n + q] = m[q * n + p] = 0;
    }
  }
  return rotated;
}

/** m ← JᵀmJ but for the four elements of p and q, v ← vJ. */
function rotate(m: Float64Array, v: Float64Array, n: number, p: number, q: number, c: number, s: number): void {
  for (let k = 0; k < n; k++) {
    if (k !== p && k !== q) {
      const [a, b] = [m[k * n + p]!, m[k * n + q]!];
      m[k * n + p] = m[p * n + k] = c * a - s * b;
      m[k * n + q] = m[q * n + k] = s * a + c * b;
    }
    const [a, b] = [v[k * n + p]!, v[k * n + q]!];
    v[k * n + p] = c * a - s * b;
    v[k * n + q] = s * a + c * b;
  }
}
