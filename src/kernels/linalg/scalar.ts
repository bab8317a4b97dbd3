/** Factorising and solving one matrix in double precision; matrices are row-major in typed arrays. */

/** A pivot that is not > 0, with its position. */
export interface BadPivot {
  readonly pivot: number;
  readonly at: number;
}

/**
 * Writes the lower Cholesky factor of the symmetric part of the n×n matrix that starts at `from` in `a` to the same
 * place of `out`, with zeros above the diagonal. Returns null, or the first pivot that is not > 0. `l`, n² zeros at
 * first, holds the factor before it is rounded.
 */
export function choleskyFactor(
  a: ArrayLike<number>,
  out: Float32Array,
  from: number,
  n: number,
  l: Float64Array,
): BadPivot | null {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0.5 * a[from + i * n + j]! + 0.5 * a[from + j * n + i]!;
      for (let k = 0; k < j; k++) sum -= l[i * n + k]! * l[j * n + k]!;
      if (i > j) l[i * n + j] = sum / l[j * n + j]!;
      else if (sum > 0 && sum < Infinity) l[i * n + i] = Math.sqrt(sum);
      else return {pivot: sum, at: i};
    }
  }
  out.set(l, from);
  return null;
}

/** Which triangle of the matrix is read, and whether its transpose takes its place. */
export interface Triangle {
  readonly lower: boolean;
  readonly adjoint: boolean;
}

/**
 * Solves op(T)·x = b by substitution, one column of b after another: T the triangle of the n×n matrix at `lFrom` in
 * `l`, b of [n, m] at `bFrom` in `b`. x is written to `out` at `outFrom`; `x`, n·m numbers, holds it before it is
 * rounded.
 */
export function solveTriangle(
  l: ArrayLike<number>,
  lFrom: number,
  b: ArrayLike<number>,
  bFrom: number,
  out: Float32Array,
  outFrom: number,
  n: number,
  m: number,
  {lower, adjoint}: Triangle,
  x: Float64Array,
): void {
  const forward = lower !== adjoint;
  const [byRow, byColumn] = adjoint ? [1, n] : [n, 1];
  const turn = forward ? 1 : -1;
  for (let step = 0; step < n; step++) {
    const i = forward ? step : n - 1 - step;
    if (m === 1) {
      // as below, without the loops over columns, which cost more than the work
      let rest = b[bFrom + i]!;
      for (let k = forward ? 0 : n - 1; k !== i; k += turn) rest -= l[lFrom + i * byRow + k * byColumn]! * x[k]!;
      x[i] = rest / l[lFrom + i * (n + 1)]!;
      continue;
    }
    for (let c = 0; c < m; c++) x[i * m + c] = b[bFrom + i * m + c]!;
    for (let k = forward ? 0 : n - 1; k !== i; k += turn) {
      const factor = l[lFrom + i * byRow + k * byColumn]!;
      for (let c = 0; c < m; c++) x[i * m + c]! -= factor * x[k * m + c]!;
    }
    const pivot = l[lFrom + i * (n + 1)]!;
    for (let c = 0; c < m; c++) x[i * m + c]! /= pivot;
  }
  out.set(x, outFrom);
}
