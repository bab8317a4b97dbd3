/**
 * Matrix products with a transposed operand on wasm.
 *
 * The stock kernels hand a product to XNNPACK only when neither operand is transposed (and b has no batch axis); any other goes
 * through a naive loop, which every gradient of a dense layer takes. Transposing first, which costs one pass over the operand, keeps the product on
 * XNNPACK.
 */
import * as tf from '@tensorflow/tfjs-core';
import type {FastKernel} from './fastKernels.js';

/** The part of the wasm backend that is used here. */
interface Backend {
  disposeData(dataId: object): void;
}

/**
 * Below this many multiplications the naive loop takes less time than the extra kernel call (bench/kernels.ts: on the order of
 * 10 µs for either at 2¹² multiplications).
 */
const WORTH_TRANSPOSING = 4096;

function transposing(kernelName: string): FastKernel {
  return {
    kernelName,
    replace: original => args => {
      const {inputs, attrs, backend} = args;
      const {transposeA, transposeB} = attrs as {transposeA: boolean; transposeB: boolean};
      const {a, b} = inputs as {a: tf.TensorInfo; b: tf.TensorInfo};
      if (!(transposeA || transposeB) || work(a, b, transposeB) < WORTH_TRANSPOSING) return original(args);
      const plainA = transposeA ? transposeLast(a, backend) : a;
      const plainB = transposeB ? transposeLast(b, backend) : b;
      const out = original({backend, inputs: {...inputs, a: plainA, b: plainB}, attrs: {...attrs, transposeA: false, transposeB: false}});
      if (plainA !== a) (backend as Backend).disposeData(plainA.dataId);
      if (plainB !== b) (backend as Backend).disposeData(plainB.dataId);
      return out;
    },
  };
}

/** Multiplications in the product, of one batch element of b. */
function work(a: tf.TensorInfo, b: tf.TensorInfo, transposeB: boolean): number {
  return tf.util.sizeFromShape(a.shape) * (b.shape[b.shape.length - (transposeB ? 2 : 1)] ?? 0);
}

function transposeLast(x: tf.TensorInfo, backend: object): tf.TensorInfo {
  const rank = x.shape.length;
  const perm = [...Array(rank - 2).keys(), rank - 1, rank - 2];
  return tf.getKernel(tf.Transpose, 'wasm').kernelFunc({inputs: {x}, attrs: {perm}, backend}) as tf.TensorInfo;
}

export const fastBatchMatMul = transposing(tf.BatchMatMul);
export const fastFusedMatMul = transposing(tf._FusedMatMul);
