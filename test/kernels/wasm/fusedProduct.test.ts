import * as tf from '@tensorflow/tfjs';
import '../../../src/kernels/matrixProducts.js';
import {disableFastKernels, enableFastKernels, ensureKernels} from '../../../src/kernels/index.js';
import {kernelOf, swap} from '../../../src/kernels/replacement.js';
import {biasOfEachRow} from '../../../src/kernels/wasm/fusedProduct.js';
import {fastFusedMatMul} from '../../../src/kernels/wasm/matMul.js';
import {numbers} from '../operations.js';
import {describeBackends} from '../../helpers/backends.js';

type Activation = 'linear' | 'relu' | 'relu6' | 'elu' | 'sigmoid' | 'leakyrelu' | 'prelu';
const apart: Record<Activation, (x: tf.Tensor, slopes: tf.Tensor) => tf.Tensor> = {
  linear: x => x,
  relu: x => tf.relu(x),
  relu6: x => tf.relu6(x),
  elu: x => tf.elu(x),
  sigmoid: x => tf.sigmoid(x),
  leakyrelu: x => tf.leakyRelu(x, 0.3),
  prelu: (x, slopes) => tf.prelu(x, slopes),
};

describeBackends(
  'bias and activation with a product',
  () => {
    beforeEach(() => ensureKernels());
    afterEach(() => void enableFastKernels());

    /** [m, k, n], the batches, and whether the operands are transposed. */
    const cases = [
      [3, 2, 5],
      [20, 30, 40],
      [3, 0, 5],
      [1, 1, 1],
    ].flatMap(size =>
      // prettier-ignore
      [[[], []], [[1], [1]], [[3], [1]], [[1], [3]], [[3], [3]], [[0], [1]]].flatMap(batches => // prettier-ignore
        [false, true].flatMap(transposeA =>
          [false, true].map(transposeB => ({size, batches, transposeA, transposeB}) as const),
        ),
      ),
    );

    /** Has products be made of tfjs's kernels, as where there is no SIMD; returns what puts the others back. */
    function withoutSimd(): () => void {
      disableFastKernels();
      const stock = kernelOf(tf._FusedMatMul, 'wasm')!;
      const kernelFunc = fastFusedMatMul.replace(biasOfEachRow.replace(stock.kernelFunc, 'wasm'), 'wasm');
      const ours = {...stock, kernelFunc};
      swap(stock, ours);
      return () => swap(ours, stock);
    }
    const bySimd = () => {
      enableFastKernels();
      return () => {};
    };

    for (const use of [bySimd, withoutSimd]) {
      for (const activation of Object.keys(apart) as Activation[]) {
        it(`${activation}: as one after the other, ${use.name}`, () => {
          const putBack = use();
          for (const {size, batches, transposeA, transposeB} of cases) {
            if (use === withoutSimd && batches.flat().includes(0)) continue; // which tfjs does not transpose
            const [m, k, n] = size as [number, number, number];
            const [batchA, batchB] = batches as [number[], number[]];
            const of = (shape: number[], seed: number) =>
              tf.tensor<tf.Rank.R2>(numbers(shape, seed), shape as [number, number]);
            const a = of([...batchA, ...(transposeA ? [k, m] : [m, k])], 1);
            const b = of([...batchB, ...(transposeB ? [n, k] : [k, n])], 2);
            const [bias, slopes] = [of([n], 3), of([n], 4)];
            const before = {tensors: tf.memory().numTensors, data: tf.engine().backend.numDataIds()};
            const fused = tf.fused.matMul({
              ...{a, b, transposeA, transposeB, bias, activation, leakyreluAlpha: 0.3},
              ...(activation === 'prelu' ? {preluActivationWeights: slopes} : {}),
            });
            const wanted = tf.tidy(() =>
              apart[activation](tf.add(tf.matMul(a, b, transposeA, transposeB), bias), slopes),
            );
            const context = JSON.stringify([size, batches, transposeA, transposeB]);
            expect(fused.shape as number[])
              .withContext(context)
              .toEqual(wanted.shape);
            const got = fused.dataSync();
            wanted.dataSync().forEach((w, i) => expect(got[i]).withContext(`${context} at ${i}`).toBeCloseTo(w, 3));
            tf.dispose([fused, wanted]);
            expect({tensors: tf.memory().numTensors, data: tf.engine().backend.numDataIds()})
              .withContext(context)
              .toEqual(before);
            tf.dispose([a, b, bias, slopes]);
          }
          putBack();
        });
      }
    }

    it('is right where a batch is large enough for threads', () => {
      const d = 164; // d³ multiplications are more than 2^22
      const bias = tf.range(0, d);
      const zeros = tf.zeros<tf.Rank.R3>([2, d, d]);
      const out = tf.fused.matMul({a: zeros, b: zeros, bias, activation: 'linear'});
      const values = out.dataSync();
      expect(values.every((v, i) => v === i % d)).toBeTrue();
      tf.dispose([bias, zeros, out]);
    });
  },
  {only: ['wasm'], inBrief: ['wasm']},
);
