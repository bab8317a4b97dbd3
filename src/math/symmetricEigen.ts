/** Eigenvalues and eigenvectors of one symmetric matrix in double precision. */

export interface SymmetricEigen {
  /** In no particular order. */
  readonly values: Float64Array;
  /** n×n, row-major: column j belongs to value j; the columns are orthonormal. */
  readonly vectors: Float64Array;
}

/** Steps that one eigenvalue may take; two are usual. */
const STEPS = 60;
const EPSILON = 2 ** -52;

/**
 * a = V·diag(values)·Vᵀ for the symmetric n×n matrix `a` (row-major, its lower triangle is read): Householder
 * reflections make it tridiagonal, implicit QL steps diagonal. Golub and Van Loan, Matrix Computations, sections 8.3.1
 * and 8.3.3 to 8.3.5; O(n³). Errors are of the order of rounding of the greatest |value|. What is not finite comes back
 * as NaN.
 */
export function symmetricEigen(a: ArrayLike<number>, n: number): SymmetricEigen {
  const m = Float64Array.from(a);
  const [values, off] = [new Float64Array(n), new Float64Array(n)];
  const rows = tridiagonalize(m, n, values, off);
  if (!values.every(Number.isFinite) || !off.every(Number.isFinite))
    return {values: values.fill(NaN), vectors: rows.fill(NaN)};
  diagonalize(values, off, rows, n);
  return {values, vectors: transposed(rows, n)};
}

/**
 * m = Q·T·Qᵀ: T's diagonal and, from index 1 on, what is below it. The lower triangle of m is used up.
 * @returns Qᵀ
 */
function tridiagonalize(m: Float64Array, n: number, diagonal: Float64Array, below: Float64Array): Float64Array {
  const p = new Float64Array(n);
  const halves = new Float64Array(n); // |u|²/2 of the reflection that the row holds; 0 for none
  for (let i = n - 1; i > 0; i--) {
    const row = m.subarray(i * n, i * n + i);
    const half = reflection(row, below, i);
    halves[i] = half;
    if (half === 0) continue;
    symmetricTimes(m, n, row, p);
    let along = 0;
    for (let k = 0; k < i; k++) along += row[k]! * (p[k]! /= half);
    along /= 2 * half;
    for (let k = 0; k < i; k++) p[k]! -= along * row[k]!;
    subtractBoth(m, n, row, p);
  }
  for (let i = 0; i < n; i++) diagonal[i] = m[i * n + i]!;
  return reflections(m, n, halves);
}

/**
 * Makes of row `i` the vector u whose reflection I − 2uuᵀ/|u|² takes the row to a multiple of its last unit vector,
 * notes that multiple, and gives |u|²/2.
 */
function reflection(row: Float64Array, below: Float64Array, i: number): number {
  const last = row.length - 1;
  let scale = 0;
  for (let k = 0; k < last; k++) scale = Math.max(scale, Math.abs(row[k]!));
  if (scale === 0) {
    below[i] = row[last]!;
    return 0;
  }
  scale = Math.max(scale, Math.abs(row[last]!));
  let square = 0;
  for (let k = 0; k <= last; k++) square += (row[k]! /= scale) ** 2;
  const end = row[last]!;
  const length = end > 0 ? -Math.sqrt(square) : Math.sqrt(square);
  row[last] = end - length;
  below[i] = scale * length;
  return square - end * length;
}

/** p = M·u for the leading block of m, of the size of u: two rows at a time, so that no sum waits for itself. */
function symmetricTimes(m: Float64Array, n: number, u: Float64Array, p: Float64Array): void {
  const size = u.length;
  let r = 0;
  if (size % 2 === 1) {
    p[0] = m[0]! * u[0]!;
    r = 1;
  }
  for (; r < size; r += 2) {
    const a = r * n;
    const b = a + n;
    const ua = u[r]!;
    const ub = u[r + 1]!;
    let first = 0;
    let second = 0;
    for (let k = 0; k < r; k++) {
      const x = m[a + k]!;
      const y = m[b + k]!;
      const own = u[k]!;
      first += x * own;
      second += y * own;
      p[k]! += x * ua + y * ub;
    }
    const off = m[b + r]!;
    p[r] = first + m[a + r]! * ua + off * ub;
    p[r + 1] = second + off * ua + m[b + r + 1]! * ub;
  }
}

/** M − u·pᵀ − p·uᵀ in the place of the leading block of m. */
function subtractBoth(m: Float64Array, n: number, u: Float64Array, p: Float64Array): void {
  for (let r = 0; r < u.length; r++) {
    const at = r * n;
    const ur = u[r]!;
    const pr = p[r]!;
    for (let k = 0; k <= r; k++) m[at + k]! -= ur * p[k]! + pr * u[k]!;
  }
}

/** The product of the reflections that the rows of m hold, transposed. */
function reflections(m: Float64Array, n: number, halves: Float64Array): Float64Array {
  const q = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const half = halves[i]!;
    const u = m.subarray(i * n, i * n + i);
    if (half !== 0) reflectRows(q, n, u, half);
    q[i * n + i] = 1;
  }
  return q;
}

/** The leading block of q, of the size of u, times I − uuᵀ/half: two rows at a time. */
function reflectRows(q: Float64Array, n: number, u: Float64Array, half: number): void {
  const size = u.length;
  for (let r = 0; r < size; r += 2) {
    const a = r * n;
    const b = r + 1 < size ? a + n : a; // the last one of an odd number goes alone
    let first = 0;
    let second = 0;
    for (let k = 0; k < size; k++) {
      const x = u[k]!;
      first += q[a + k]! * x;
      second += q[b + k]! * x;
    }
    first /= half;
    second = b === a ? 0 : second / half;
    for (let k = 0; k < size; k++) {
      const x = u[k]!;
      q[a + k]! -= first * x;
      q[b + k]! -= second * x;
    }
  }
}

/**
 * Eigenvalues in the place of the diagonal d of a tridiagonal matrix, whose other elements are e from index 1 on; the
 * rows of v turn with them.
 */
function diagonalize(d: Float64Array, e: Float64Array, v: Float64Array, n: number): void {
  const [cosines, sines] = [new Float64Array(n), new Float64Array(n)];
  e.copyWithin(0, 1);
  e[n - 1] = 0;
  for (let first = 0; first < n; first++) {
    for (let step = 0; step < STEPS; step++) {
      let last = first;
      while (last < n - 1 && Math.abs(e[last]!) > EPSILON * (Math.abs(d[last]!) + Math.abs(d[last + 1]!))) last++;
      if (last === first) break;
      const from = implicitStep(d, e, first, last, cosines, sines);
      turnRows(v, n, from, last, cosines, sines);
    }
  }
}

/**
 * One implicit QL step with Wilkinson's shift on the block from `first` to `last`. Its rotations turn rows i and i + 1,
 * from last − 1 down to the index that is given back.
 */
function implicitStep(
  d: Float64Array,
  e: Float64Array,
  first: number,
  last: number,
  cosines: Float64Array,
  sines: Float64Array,
): number {
  const ratio = (d[first + 1]! - d[first]!) / (2 * e[first]!);
  const root = Math.hypot(ratio, 1);
  let g = d[last]! - d[first]! + e[first]! / (ratio + (ratio >= 0 ? root : -root));
  let [s, c, shift] = [1, 1, 0];
  for (let i = last - 1; i >= first; i--) {
    const f = s * e[i]!;
    const b = c * e[i]!;
    const r = Math.hypot(f, g);
    e[i + 1] = r;
    if (r === 0) {
      // the block falls apart
      d[i + 1]! -= shift;
      e[last] = 0;
      return i + 1;
    }
    s = f / r;
    c = g / r;
    g = d[i + 1]! - shift;
    const t = (d[i]! - g) * s + 2 * c * b;
    shift = s * t;
    d[i + 1] = g + shift;
    g = c * t - b;
    cosines[i] = c;
    sines[i] = s;
  }
  d[first]! -= shift;
  e[first] = g;
  e[last] = 0;
  return first;
}

/**
 * Rotates rows i and i + 1 of v, for i from last − 1 down to first; three rotations at a time, since rows that have
 * been read are cheap.
 */
function turnRows(
  v: Float64Array,
  n: number,
  first: number,
  last: number,
  cosines: Float64Array,
  sines: Float64Array,
): void {
  let i = last - 1;
  for (; i >= first + 2; i -= 3) {
    const [a, b, c, d] = [(i + 1) * n, i * n, (i - 1) * n, (i - 2) * n];
    const [c1, s1, c2, s2, c3, s3] = [
      cosines[i]!,
      sines[i]!,
      cosines[i - 1]!,
      sines[i - 1]!,
      cosines[i - 2]!,
      sines[i - 2]!,
    ];
    for (let k = 0; k < n; k++) {
      const w = v[a + k]!;
      const x = v[b + k]!;
      const y = v[c + k]!;
      const z = v[d + k]!;
      const turned = c1 * x - s1 * w;
      const again = c2 * y - s2 * turned;
      v[a + k] = s1 * x + c1 * w;
      v[b + k] = s2 * y + c2 * turned;
      v[c + k] = s3 * z + c3 * again;
      v[d + k] = c3 * z - s3 * again;
    }
  }
  for (; i >= first; i--) {
    const [a, b, c, s] = [(i + 1) * n, i * n, cosines[i]!, sines[i]!];
    for (let k = 0; k < n; k++) {
      const w = v[a + k]!;
      const x = v[b + k]!;
      v[a + k] = s * x + c * w;
      v[b + k] = c * x - s * w;
    }
  }
}

function transposed(m: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) out[j * n + i] = m[i * n + j]!;
  return out;
}
