/**
 * The kernels of linear algebra: factors and solutions in double precision on backends whose memory the host reads, by
 * programs on GPUs.
 */
import * as tf from '@tensorflow/tfjs-core';
import {fail} from '../../util/errors.js';
import {sizeOf, tryBroadcast, type Shape} from '../../util/shapes.js';
import type {AnyBackend} from '../backendParts.js';
import {choleskyFactor, solveTriangle, type Triangle} from './scalar.js';
import {GPUS, runProgram} from './matrixPrograms.js';
import {BLOCK, choleskyProgram, PANEL, productsProgram, solvePrograms} from './matrixShaders.js';

/** A kernel on matrices: how it is run, by the name of a backend. */
export interface MatrixKernel {
  /** The name under which tfjs knows it. */
  readonly kernelName: 'StCholesky' | 'StTriangularSolve' | 'StProducts';
  readonly kernelFuncOn: (backendName: string) => tf.KernelFunc;
}

const isGpu = (backendName: string): boolean => GPUS.includes(backendName);

export const choleskyKernel: MatrixKernel = {
  kernelName: 'StCholesky',
  kernelFuncOn:
    backendName =>
    ({inputs, backend}) => {
      const x = inputs['x'] as tf.TensorInfo; // our input is one tensor
      return isGpu(backendName)
        ? choleskyOnGpu(backendName, backend as AnyBackend, x)
        : choleskyOnHost(backend as AnyBackend, x);
    },
};

export const triangularSolveKernel: MatrixKernel = {
  kernelName: 'StTriangularSolve',
  kernelFuncOn:
    backendName =>
    ({inputs, attrs, backend}) => {
      const {l, b} = inputs as {l: tf.TensorInfo; b: tf.TensorInfo}; // our inputs are one tensor each
      const triangle = attrs as unknown as Triangle; // set by triangularSolve
      return isGpu(backendName)
        ? solveOnGpu(backendName, backend as AnyBackend, l, b, triangle)
        : solveOnHost(backend as AnyBackend, l, b, triangle);
    },
};

export const productsKernel: MatrixKernel = {
  kernelName: 'StProducts',
  kernelFuncOn:
    backendName =>
    ({inputs, attrs, backend}) => {
      const {a, b} = inputs as {a: tf.TensorInfo; b: tf.TensorInfo}; // our inputs are one tensor each
      return multiply(backendName, backend as AnyBackend, a, b, attrs as unknown as Transposes); // set by products
    },
};

/** [batch…, n, m] as the number of matrices, n and m. */
function sizesOf(x: {shape: number[]}): [count: number, rows: number, columns: number] {
  const [rows, columns] = x.shape.slice(-2) as [number, number]; // shapes have been checked
  return [sizeOf(x.shape.slice(0, -2)), rows, columns];
}

const stored = (backend: AnyBackend, values: Float32Array, shape: Shape): tf.TensorInfo => ({
  dataId: backend.write(values, shape, 'float32'),
  shape,
  dtype: 'float32',
});

const flat = (x: tf.TensorInfo): tf.TensorInfo => ({dataId: x.dataId, shape: sizesOf(x), dtype: x.dtype});

function choleskyOnHost(backend: AnyBackend, x: tf.TensorInfo): tf.TensorInfo {
  const [count, n] = sizesOf(x);
  const values = backend.readSync(x.dataId);
  const out = new Float32Array(count * n * n);
  const exact = new Float64Array(n * n);
  for (let m = 0; m < count; m++) {
    const bad = choleskyFactor(values, out, m * n * n, n, exact);
    if (bad === null) continue;
    const place = [...coordinates(m, x.shape.slice(0, -2)), bad.at];
    fail('cholesky', `the matrix must be positive definite, got pivot ${bad.pivot} at [${place.join(',')}]`);
  }
  return stored(backend, out, x.shape);
}

/** The coordinates of element `at` of a tensor of `shape`. */
function coordinates(at: number, shape: readonly number[]): number[] {
  return shape.map((d, axis) => Math.floor(at / sizeOf(shape.slice(axis + 1))) % d);
}

function choleskyOnGpu(backendName: string, backend: AnyBackend, x: tf.TensorInfo): tf.TensorInfo {
  const [count, n] = sizesOf(x);
  const out = steps(backend, flat(x), n, PANEL, count * n * n, (state, panel) =>
    runProgram(backendName, backend, choleskyProgram, [state], [count, n, n], [panel, n]),
  );
  return {...out, shape: x.shape};
}

function solveOnHost(backend: AnyBackend, l: tf.TensorInfo, b: tf.TensorInfo, triangle: Triangle): tf.TensorInfo {
  const [, n, m] = sizesOf(b);
  const shape = solutionShape(l, b);
  const [left, right] = [backend.readSync(l.dataId), backend.readSync(b.dataId)];
  const out = new Float32Array(sizeOf(shape));
  const exact = new Float64Array(n * m);
  for (let at = 0, i = 0; at < out.length; at += n * m, i++) {
    solveTriangle(left, (i * n * n) % left.length, right, at % right.length, out, at, n, m, triangle, exact);
  }
  return stored(backend, out, shape);
}

function solveOnGpu(
  backendName: string,
  backend: AnyBackend,
  l: tf.TensorInfo,
  b: tf.TensorInfo,
  {lower, adjoint}: Triangle,
): tf.TensorInfo {
  const [sides, n, m] = sizesOf(b);
  const [matrices] = sizesOf(l);
  const shape = solutionShape(l, b);
  const count = sizeOf(shape.slice(0, -2));
  const program = solvePrograms[lower ? 'lower' : 'upper'][adjoint ? 'adjoint' : 'plain'];
  const triangles = flat(l);
  const out = steps(backend, flat(b), n, BLOCK, sizeOf(shape), (state, block) => {
    const uniforms = [block, n, matrices, block === 0 ? sides : count];
    return runProgram(backendName, backend, program, [triangles, state], [count, n, m], uniforms);
  });
  return {...out, shape};
}

/** Which factors of a product are transposed first. */
export interface Transposes {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** Longer sums are better shared between threads, as tfjs does. */
const LONGEST_SUM = 64;
/** The most matrices for which webgpu's own kernel can be started. */
const MOST_MATRICES = 65535;

function multiply(
  backendName: string,
  backend: AnyBackend,
  a: tf.TensorInfo,
  b: tf.TensorInfo,
  {transposeA, transposeB}: Transposes,
): tf.TensorInfo {
  const [x, y] = [flat(a), flat(b)];
  const [count, aRows, aColumns] = sizesOf(a);
  const [, bRows, bColumns] = sizesOf(b);
  const [rows, inner] = transposeA ? [aColumns, aRows] : [aRows, aColumns];
  const columns = transposeB ? bRows : bColumns;
  const shape = [...a.shape.slice(0, -2), rows, columns];
  if (count === 0) return stored(backend, new Float32Array(0), shape);
  if (GPUS.includes(backendName) && (inner <= LONGEST_SUM || count > MOST_MATRICES)) {
    const uniforms = [inner, Number(transposeA), Number(transposeB)];
    return {...runProgram(backendName, backend, productsProgram, [x, y], [count, rows, columns], uniforms), shape};
  }
  const {kernelFunc} = tf.getKernel(tf.BatchMatMul, backendName);
  // it has one output
  const out = kernelFunc({inputs: {a: x, b: y}, attrs: {transposeA, transposeB}, backend}) as tf.TensorInfo;
  return {...out, shape};
}

/** The batches are suffixes of the longer one (triangularSolve sees to it), so they broadcast. */
function solutionShape(l: tf.TensorInfo, b: tf.TensorInfo): Shape {
  return [...tryBroadcast([l.shape.slice(0, -2), b.shape.slice(0, -2)])!, ...b.shape.slice(-2)];
}

/** Runs `step` at 0, width, 2·width, … below n, each on what the one before gave, and frees what lies between. */
function steps(
  backend: AnyBackend,
  first: tf.TensorInfo,
  n: number,
  width: number,
  size: number,
  step: (state: tf.TensorInfo, at: number) => tf.TensorInfo,
): tf.TensorInfo {
  if (size === 0) return stored(backend, new Float32Array(0), first.shape);
  let state = first;
  for (let at = 0; at < n; at += width) {
    const next = step(state, at);
    if (state !== first) backend.disposeData(state.dataId);
    state = next;
  }
  return state;
}
