/** The kernels that `enableFastKernels` replaces on wasm, stock against fast: milliseconds a call. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import type {BenchContext} from './context.js';
import {here, interleaved} from './measure.js';

interface Row {
  kernel: string;
  shape: string;
  run: () => tf.Tensor;
}

const random = (shape: number[]) => tf.randomNormal(shape, 0, 1, 'float32', 1);

function product(m: number, k: number, n: number, transposeA: boolean, transposeB: boolean): Row {
  const a = random(transposeA ? [k, m] : [m, k]);
  const b = random(transposeB ? [n, k] : [k, n]);
  const shape = `[${a.shape.join()}]${transposeA ? 'ᵀ' : ''}·[${b.shape.join()}]${transposeB ? 'ᵀ' : ''}`;
  return {kernel: 'BatchMatMul', shape, run: () => tf.matMul(a, b, transposeA, transposeB)};
}

function unary(kernel: string, shape: number[], f: (x: tf.Tensor) => tf.Tensor): Row {
  const x = random(shape);
  return {kernel, shape: `[${shape.join()}]`, run: () => f(x)};
}

/** The kernels in the shapes of dense layers, and small ones. */
function allRows(): Row[] {
  const rows: Row[] = [];
  for (const batch of [24, 100, 400]) {
    for (const [inputs, units] of [
      [784, 200],
      [200, 784],
      [200, 200],
      [200, 1],
    ] as const) {
      rows.push(product(inputs, batch, units, true, false), product(batch, units, inputs, false, true));
    }
  }
  for (const n of [8, 16, 32]) rows.push(product(n, n, n, true, false), product(n, n, n, false, true));
  for (const shape of [
    [24, 200],
    [24, 784],
    [100, 784],
    [784, 200],
  ]) {
    rows.push(
      unary('Sum over axis 0', shape, x => tf.sum(x, 0)),
      unary('Identity', shape, x => tf.clone(x)),
      unary('Cast to float32', shape, x => tf.cast(x, 'float32')),
      unary('Tanh', shape, x => tf.tanh(x)),
      unary('Tile a column', [shape[0]!, 1], x => tf.tile(x, [1, shape[1]!])),
      unary('Tile a row', [1, shape[1]!], x => tf.tile(x, [shape[0]!, 1])),
    );
  }
  for (const n of [1024, 2048, 4096]) {
    rows.push(
      unary('Tanh', [n], x => tf.tanh(x)),
      unary('Sum over axis 0', [n / 32, 32], x => tf.sum(x, 0)),
    );
  }
  return rows;
}

/** For each kernel and shape, the fast one and that of tfjs, in turn. */
export async function benchKernels({report, effort}: BenchContext): Promise<void> {
  for (const {kernel, shape, run} of allRows()) {
    const ours = here(run);
    const columns = await interleaved(
      {
        ours,
        async stock(repeats) {
          st.disableFastKernels();
          try {
            return await ours(repeats);
          } finally {
            st.enableFastKernels();
          }
        },
      },
      effort(15, 10),
    );
    report({name: `kernel ${kernel}`, size: shape, ...columns});
  }
}
