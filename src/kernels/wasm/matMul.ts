/**
 * Matrix products with a transposed operand.
 *
 * The stock wasm kernels hand a product to XNNPACK only where neither operand is transposed; others go through a naive
 * loop, which the gradient of every dense layer takes. Here the operands are transposed first, in the cheaper of two
 * ways.
 */
import * as tf from '@tensorflow/tfjs-core';
import {sizeOf} from '../../util/shapes.js';
import {compose, type RunKernel} from '../compose.js';
import type {Replacement} from '../replacement.js';

/**
 * Multiplications below which the naive loop is quicker than extra kernel calls: 9 µs against 12 at 16³, 32 against 11
 * at 32³.
 */
const WORTH_TRANSPOSING = 8192;

/** Time that XNNPACK takes to pack an element of the right operand, in units of the time that a transposition takes. */
const PACKING = 0.5;

interface MatMulAttrs {
  transposeA: boolean;
  transposeB: boolean;
}
interface Dimensions {
  m: number;
  k: number;
  n: number;
}

/** What both kernels are asked to multiply. */
function readProduct(
  args: Parameters<tf.KernelFunc>[0],
): {a: tf.TensorInfo; b: tf.TensorInfo} & MatMulAttrs & Dimensions {
  const {a, b} = args.inputs as {a: tf.TensorInfo; b: tf.TensorInfo}; // the kernels' required inputs
  const {transposeA, transposeB} = args.attrs as unknown as MatMulAttrs; // what the ops pass to these kernels
  return {a, b, transposeA, transposeB, ...dimensions(a, b, transposeA, transposeB)};
}

export const fastBatchMatMul: Replacement = {
  kernelName: tf.BatchMatMul,
  replace: (original, backendName) => args => {
    const {a, b, transposeA, transposeB, m, k, n} = readProduct(args);
    if (!(transposeA || transposeB) || m * k * n < WORTH_TRANSPOSING) return original(args);
    return compose(backendName, args.backend, ({run}) => {
      const product = (left: tf.TensorInfo, right: tf.TensorInfo) =>
        run(tf.BatchMatMul, {a: left, b: right}, {transposeA: false, transposeB: false});
      if (!isSwapCheaper(m, k, n, transposeA, transposeB)) {
        return product(transposeA ? transposeLast(a, run) : a, transposeB ? transposeLast(b, run) : b);
      }
      return transposeLast(
        product(transposeB ? b : transposeLast(b, run), transposeA ? a : transposeLast(a, run)),
        run,
      );
    });
  },
};

/** The same for the kernel with bias and activation, which must see the product in its own order. */
export const fastFusedMatMul: Replacement = {
  kernelName: tf._FusedMatMul,
  replace: (original, backendName) => args => {
    const {a, b, transposeA, transposeB, m, k, n} = readProduct(args);
    if (!(transposeA || transposeB) || m * k * n < WORTH_TRANSPOSING) return original(args);
    return compose(backendName, args.backend, ({run}) => {
      const plain = {
        ...args.inputs,
        a: transposeA ? transposeLast(a, run) : a,
        b: transposeB ? transposeLast(b, run) : b,
      };
      return original({
        ...args,
        inputs: plain,
        attrs: {...args.attrs, transposeA: false, transposeB: false},
      }) as tf.TensorInfo;
    });
  },
};

/**
 * Whether (bᵀ·aᵀ)ᵀ costs less than a·b with its operands transposed, in elements moved: the two forms differ in what is
 * transposed and in what is packed.
 */
function isSwapCheaper(m: number, k: number, n: number, transposeA: boolean, transposeB: boolean): boolean {
  const straight = (transposeA ? m * k : 0) + (transposeB ? n * k : 0) + PACKING * n * k;
  const swapped = (transposeA ? 0 : m * k) + (transposeB ? 0 : n * k) + m * n + PACKING * m * k;
  return swapped < straight;
}

/**
 * [m, k]·[k, n] of one batch element; all are 0 where the inner sizes differ, which the stock kernel then reports, and
 * where an operand has no elements.
 */
function dimensions(a: tf.TensorInfo, b: tf.TensorInfo, transposeA: boolean, transposeB: boolean): Dimensions {
  const [a1 = 0, a0 = 0] = a.shape.slice(-2);
  const [b1 = 0, b0 = 0] = b.shape.slice(-2);
  const k = transposeA ? a1 : a0;
  if (k !== (transposeB ? b0 : b1) || sizeOf(a.shape) * sizeOf(b.shape) === 0) return {m: 0, k: 0, n: 0};
  return {m: transposeA ? a0 : a1, k, n: transposeB ? b1 : b0};
}

function transposeLast(x: tf.TensorInfo, run: RunKernel): tf.TensorInfo {
  const rank = x.shape.length;
  return run(tf.Transpose, {x}, {perm: [...Array(rank - 2).keys(), rank - 1, rank - 2]});
}
