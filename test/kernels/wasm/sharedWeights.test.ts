import * as tf from '@tensorflow/tfjs';
import {disableFastKernels, enableFastKernels, ensureKernels} from '../../../src/kernels/index.js';
import {describeBackends} from '../../helpers/backends.js';

/** Products with each shape of the same twelve numbers as right operand, in this order and back. */
const SHAPES = [
  [6, 2],
  [3, 4],
  [2, 6],
  [1, 12],
  [12, 1],
  [4, 3],
] as const;

describeBackends(
  'products with reshaped operands',
  () => {
    beforeEach(() => ensureKernels());
    afterAll(() => void enableFastKernels());

    const products: Record<string, (a: tf.Tensor2D, b: tf.Tensor2D) => tf.Tensor> = {
      matMul: (a, b) => tf.matMul(a, b),
      'fused.matMul': (a, b) => tf.fused.matMul({a, b, bias: tf.zeros([b.shape[1]]), activation: 'relu'}),
      'matMul, transposed': (a, b) => tf.matMul(a, tf.reshape(b, [b.shape[1], b.shape[0]]), false, true),
      'matMul of rank 3': (a, b) => tf.matMul(tf.expandDims(a, 0), tf.expandDims(b, 0)),
      'the sum over leading axes': (_, b) => tf.sum(b, 0),
      dot: (a, b) => tf.dot(tf.reshape(a, [-1]), b),
    };
    for (const fast of [true, false]) {
      for (const [name, product] of Object.entries(products)) {
        it(`are right whatever shape the data had before: ${name}, ${fast ? 'fast' : 'stock'} kernels`, async () => {
          if (fast) enableFastKernels();
          else disableFastKernels();
          const before = tf.memory();
          // The second is large enough for the fast kernels, which are left out of small products.
          for (const [columns, offset] of [
            [1, 1],
            [512, 0.25],
          ] as const) {
            const n = 12 * columns;
            const x = Float32Array.from({length: n}, (_, i) => (i % 7) + offset);
            const data = tf.tensor1d(x);
            for (const [k, last] of [...SHAPES, ...[...SHAPES].reverse()]) {
              const m = last * columns;
              const out = tf.tidy(() => product(tf.ones([1, k]), tf.reshape<tf.Rank.R2>(data, [k, m])));
              const expected = Array.from({length: m}, (_, j) => {
                let sum = 0;
                for (let i = 0; i < k; i++) sum += name.includes('transposed') ? x[j * k + i]! : x[i * m + j]!;
                return sum;
              });
              expect(Array.from(await out.data()))
                .withContext(`${k} × ${m}`)
                .toEqual(expected);
              out.dispose();
            }
            data.dispose();
          }
          const {numTensors, numDataBuffers} = tf.memory();
          expect({numTensors, numDataBuffers}).toEqual({
            numTensors: before.numTensors,
            numDataBuffers: before.numDataBuffers,
          });
        });
      }
    }

    it('keep the gradients of both operands, and the products of a variable that is assigned', async () => {
      const w = tf.variable(tf.range(0, 12));
      const a = tf.tensor2d([[1, 2, 3]]);
      const first = tf.tidy(() => tf.matMul(tf.ones([1, 6]), tf.reshape(w, [6, 2])));
      const {grads} = tf.variableGrads(() => tf.sum<tf.Scalar>(tf.matMul(a, tf.reshape(w, [3, 4]))), [w]);
      expect(Array.from(await first.data())).toEqual([30, 36]);
      expect(Array.from(await grads[w.name]!.data())).toEqual([1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3]);
      tf.tidy(() => w.assign(tf.ones([12])));
      const second = tf.tidy(() => tf.matMul(a, tf.reshape(w, [3, 4])));
      expect(Array.from(await second.data())).toEqual([6, 6, 6, 6]);
      tf.dispose([w, a, first, second, ...Object.values(grads)]);
    });
  },
  {inBrief: []},
);
