/** Matrix products by the code of assembly/, which packs as it goes: stock wasm packs a changed operand as a whole. */
import * as tf from '@tensorflow/tfjs-core';
import {indexer} from '../../util/indexer.js';
import {broadcastShapes, sizeOf} from '../../util/shapes.js';
import type {WasmBackend} from '../backendParts.js';
import {compose, type KernelArgs} from '../compose.js';
import type {Replacement} from '../replacement.js';
import {activated, biasOfEachRow, isKnownActivation} from './fusedProduct.js';
import {heapSimd} from './heap.js';
import {fastBatchMatMul, fastFusedMatMul} from './matMul.js';
import {outputOf} from './output.js';

/** Multiplications beyond which several threads of the backend's own kernel are quicker than one of ours. */
const WORTH_THREADS = 2 ** 22;

/** Bytes of a float32. */
const FLOAT = 4;

const isFloats = (x: tf.TensorInfo): boolean => x.dtype === 'float32' && sizeOf(x.shape) > 0;

/**
 * a·b, plus a bias of one number a column; null where others have to do it, who also report operands that do not fit.
 */
function simdProduct({inputs, attrs, backend}: KernelArgs, bias?: tf.TensorInfo): tf.TensorInfo | null {
  const {a, b} = inputs as Record<'a' | 'b', tf.TensorInfo>; // the kernels' required inputs
  if (!isFloats(a) || !isFloats(b)) return null;
  const simd = heapSimd(backend);
  if (simd === null) return null;
  const {transposeA, transposeB} = attrs as {transposeA: boolean; transposeB: boolean}; // what the ops pass
  const [a1, a0] = a.shape.slice(-2) as [number, number];
  const [b1, b0] = b.shape.slice(-2) as [number, number];
  const [m, k, n] = [transposeA ? a0 : a1, transposeA ? a1 : a0, transposeB ? b1 : b0];
  if (k !== (transposeB ? b0 : b1) || (bias !== undefined && sizeOf(bias.shape) !== n)) return null;

  if (simd.hasThreads && m * k * n > WORTH_THREADS) return null;

  const [batchA, batchB] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
  const batch = broadcastShapes('MatMul', [batchA, batchB]);
  const out = outputOf(backend as WasmBackend, bias === undefined ? [a, b] : [a, b, bias], [...batch, m, n], 'float32');
  const [to, left, right] = [simd.at(out), simd.at(a), simd.at(b)];
  const [rowA, colA] = transposeA ? [FLOAT, a0 * FLOAT] : [a0 * FLOAT, FLOAT];
  const [rowB, colB] = transposeB ? [FLOAT, b0 * FLOAT] : [b0 * FLOAT, FLOAT];
  const run = (c: number, x: number, y: number, rows: number): void => {
    // one column is one row of the turned product, which fills the lanes
    if (n === 1 && bias === undefined) {
      simd.code.product(c, y, x, 1, k, rows, colB, rowB, colA, rowA, 0, simd.panel);
    } else {
      const columns = bias === undefined ? 0 : simd.at(bias);
      simd.code.product(c, x, y, rows, k, n, rowA, colA, rowB, colB, columns, simd.panel);
    }
  };
  const count = sizeOf(batch);
  if (sizeOf(batchB) === 1 && !transposeA) {
    run(to, left, right, sizeOf(batchA) * m); // one matrix for all
    return out;
  }
  const [atA, atB] = [indexer(batchA, batch), indexer(batchB, batch)];
  for (let i = 0; i < count; i++) {
    run(to + i * m * n * FLOAT, left + atA(i) * m * k * FLOAT, right + atB(i) * k * n * FLOAT, m);
  }
  return out;
}

export const simdBatchMatMul: Replacement = {
  kernelName: tf.BatchMatMul,
  replace: (original, backendName) => {
    const other = fastBatchMatMul.replace(original, backendName);
    return args => simdProduct(args) ?? other(args);
  },
};

export const simdFusedMatMul: Replacement = {
  kernelName: tf._FusedMatMul,
  replace: (original, backendName) => {
    const other = fastFusedMatMul.replace(biasOfEachRow.replace(original, backendName), backendName);
    return args => {
      const {bias} = args.inputs;
      if (!isKnownActivation(args)) return other(args);
      if (bias != null && (bias.shape.length !== 1 || !isFloats(bias))) return other(args);
      const product = simdProduct(args, bias ?? undefined);
      if (product === null) return other(args);
      return compose(backendName, args.backend, maker => activated(maker.track(product), args, maker));
    };
  },
};
