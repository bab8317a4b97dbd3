/**
 * Products, Cholesky factors and triangular solutions on GPUs, some columns or rows at a run: each element's thread
 * repeats the little work inside the panel that it depends on, so that a matrix of up to PANEL (or BLOCK) rows takes
 * one run.
 */
import type {MatrixProgram} from './matrixPrograms.js';

/** Columns of a Cholesky factor that one run finishes. */
export const PANEL = 8;

/** Rows of a solution that one run finishes. */
export const BLOCK = 16;

/**
 * One step of the right-looking factorisation: columns before `panel` are those of the factor, the others hold what is
 * left of the matrix. Before the first step the symmetric part of A counts; afterwards A is lower triangular.
 */
export const choleskyProgram: MatrixProgram = {
  name: 'stCholesky',
  inputs: 1,
  uniforms: ['panel', 'order'],
  source: () => `
fn stEntry(m: i32, row: i32, column: i32, panel: i32) -> f32 {
  if (panel > 0) {
    return getA(m, row, column);
  }
  return 0.5 * getA(m, row, column) + 0.5 * getA(m, column, row);
}

fn stCholesky(m: i32, row: i32, column: i32, panel: i32, order: i32) -> f32 {
  if (column > row) {
    return 0.0;
  }
  if (column < panel) {
    return getA(m, row, column);
  }
  let width: i32 = min(${PANEL}, order - panel);
  var d: array<f32, ${PANEL * PANEL}>;
  var u: array<f32, ${PANEL}>;
  var v: array<f32, ${PANEL}>;
  for (var j: i32 = 0; j < width; j = j + 1) {
    var pivot: f32 = stEntry(m, panel + j, panel + j, panel);
    for (var t: i32 = 0; t < j; t = t + 1) {
      pivot = pivot - d[j * ${PANEL} + t] * d[j * ${PANEL} + t];
    }
    var root: f32 = NAN;
    if (pivot > 0.0) {
      root = sqrt(pivot);
    }
    d[j * ${PANEL} + j] = root;
    for (var i: i32 = j + 1; i < width; i = i + 1) {
      var rest: f32 = stEntry(m, panel + i, panel + j, panel);
      for (var t: i32 = 0; t < j; t = t + 1) {
        rest = rest - d[i * ${PANEL} + t] * d[j * ${PANEL} + t];
      }
      d[i * ${PANEL} + j] = rest / root;
    }
  }
  if (row < panel + width) {
    return d[(row - panel) * ${PANEL} + column - panel];
  }
  let last: i32 = min(column - panel, width - 1);
  for (var j: i32 = 0; j <= last; j = j + 1) {
    var left: f32 = stEntry(m, row, panel + j, panel);
    for (var t: i32 = 0; t < j; t = t + 1) {
      left = left - u[t] * d[j * ${PANEL} + t];
    }
    u[j] = left / d[j * ${PANEL} + j];
  }
  if (column < panel + width) {
    return u[column - panel];
  }
  var sum: f32 = stEntry(m, row, column, panel);
  for (var j: i32 = 0; j < width; j = j + 1) {
    var right: f32 = stEntry(m, column, panel + j, panel);
    for (var t: i32 = 0; t < j; t = t + 1) {
      right = right - v[t] * d[j * ${PANEL} + t];
    }
    v[j] = right / d[j * ${PANEL} + j];
    sum = sum - u[j] * v[j];
  }
  return sum;
}`,
};

/**
 * One step of the substitution: the first `block` unknowns (in the order of substitution) are in B already, the next
 * BLOCK are found. A holds the triangles, which repeat with period `matrices`; B repeats with period `sides`.
 */
function solveProgram(lower: boolean, adjoint: boolean): MatrixProgram {
  const name = `stSolve${lower ? 'Lower' : 'Upper'}${adjoint ? 'Adjoint' : ''}`;
  const rowOf = (position: string) => (lower !== adjoint ? position : `order - 1 - (${position})`);
  const factor = (equation: string, unknown: string) =>
    `getA(t, ${(adjoint ? [unknown, equation] : [equation, unknown]).map(rowOf).join(', ')})`;
  return {
    name,
    inputs: 2,
    uniforms: ['block', 'order', 'matrices', 'sides'],
    source: () => `
fn ${name}(m: i32, row: i32, column: i32, block: i32, order: i32, matrices: i32, sides: i32) -> f32 {
  let t: i32 = m % matrices;
  let side: i32 = m % sides;
  let position: i32 = ${rowOf('row')};
  if (position < block || position >= block + ${BLOCK}) {
    return getB(side, row, column);
  }
  var x: array<f32, ${BLOCK}>;
  for (var i: i32 = 0; i <= position - block; i = i + 1) {
    var rest: f32 = getB(side, ${rowOf('block + i')}, column);
    for (var k: i32 = 0; k < block; k = k + 1) {
      rest = rest - ${factor('block + i', 'k')} * getB(side, ${rowOf('k')}, column);
    }
    for (var k: i32 = 0; k < i; k = k + 1) {
      rest = rest - ${factor('block + i', 'block + k')} * x[k];
    }
    x[i] = rest / ${factor('block + i', 'block + i')};
  }
  return x[position - block];
}`,
  };
}

/** By `lower` and `adjoint`. */
export const solvePrograms = {
  lower: {plain: solveProgram(true, false), adjoint: solveProgram(true, true)},
  upper: {plain: solveProgram(false, false), adjoint: solveProgram(false, true)},
};

/** Products of matrices, an element's sum in one thread. */
export const productsProgram: MatrixProgram = {
  name: 'stProducts',
  inputs: 2,
  uniforms: ['inner', 'transposeA', 'transposeB'],
  source: () => `
fn stProducts(m: i32, row: i32, column: i32, inner: i32, transposeA: i32, transposeB: i32) -> f32 {
  var sum: f32 = 0.0;
  for (var k: i32 = 0; k < inner; k = k + 1) {
    var left: f32 = 0.0;
    if (transposeA == 1) {
      left = getA(m, k, row);
    } else {
      left = getA(m, row, k);
    }
    if (transposeB == 1) {
      sum = sum + left * getB(m, column, k);
    } else {
      sum = sum + left * getB(m, k, column);
    }
  }
  return sum;
}`,
};
