import * as tf from '@tensorflow/tfjs';
import {heapSimd} from '../../../src/kernels/wasm/heap.js';
import {describeBackends} from '../../helpers/backends.js';

/** Numbers without a pattern. */
const numbers = (n: number, seed: number): Float32Array =>
  Float32Array.from({length: n}, (_, i) => Math.sin(seed + 1.7 * i) * (1 + (i % 7) / 3));

interface Case {
  /** [m, k, n]. */
  readonly of: readonly [number, number, number];
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
  readonly batchA?: readonly number[];
  readonly batchB?: readonly number[];
}

/** a·b in double precision, and Σ |a||b| for each element, to which errors are in proportion. */
function reference(a: Float32Array, b: Float32Array, {of: [m, k, n], transposeA, transposeB}: Case) {
  const [value, scale] = [new Float64Array(m * n), new Float64Array(m * n)];
  for (let i = 0; i < m; i++)
    for (let j = 0; j < n; j++)
      for (let l = 0; l < k; l++) {
        const term = a[transposeA ? l * m + i : i * k + l]! * b[transposeB ? j * k + l : l * n + j]!;
        value[i * n + j]! += term;
        scale[i * n + j]! += Math.abs(term);
      }
  return {value, scale};
}

const sizes = [1, 2, 3, 4, 5, 7, 8, 9, 13, 16, 17];
/** Every size at each place, in all four orders of the operands; k beyond a panel; long and thin ones. */
const matrices: Case[] = [
  ...sizes.flatMap((s, i): Case[] => {
    const [t, u] = [sizes[(i * 3 + 1) % sizes.length]!, sizes[(i * 5 + 2) % sizes.length]!];
    return [
      {of: [s, t, u]},
      {of: [t, s, u], transposeA: true},
      {of: [u, t, s], transposeB: true},
      {of: [t, u, s], transposeA: true, transposeB: true},
    ];
  }),
  {of: [3, 1023, 9]},
  {of: [5, 1024, 8], transposeB: true},
  {of: [6, 1025, 11], transposeA: true},
  {of: [2, 2500, 3], transposeA: true, transposeB: true},
  {of: [200, 3, 1]},
  {of: [1, 3, 200], transposeB: true},
  {of: [300, 1100, 1], transposeA: true, transposeB: true},
  {of: [1, 1, 1]},
];
const batches: Case[] = [
  {of: [3, 4, 5], batchA: [6], batchB: [6]},
  {of: [3, 4, 5], batchA: [6], batchB: [1], transposeB: true},
  {of: [3, 4, 1], batchA: [6], batchB: [1]},
  {of: [3, 4, 5], batchA: [6], batchB: [1], transposeA: true},
  {of: [5, 9, 10], batchA: [1], batchB: [3], transposeA: true},
  {of: [2, 3, 4], batchA: [2, 1], batchB: [1, 3]},
  {of: [2, 3, 4], batchA: [2, 3, 2], batchB: [2, 1, 2], transposeA: true, transposeB: true},
];

describeBackends(
  'products by the code of assembly/',
  () => {
    it('can run here', () => {
      expect(heapSimd(tf.backend())).not.toBeNull();
    });

    for (const c of [...matrices, ...batches]) {
      const {of, batchA = [], batchB = [], transposeA = false, transposeB = false} = c;
      const [m, k, n] = of;
      it(`[${[...batchA, m, k].join()}]${transposeA ? 'ᵀ' : ''}·[${[...batchB, k, n].join()}]${transposeB ? 'ᵀ' : ''}`, () => {
        const before = {tensors: tf.memory().numTensors, data: tf.engine().backend.numDataIds()};
        const count = (batch: readonly number[]) => batch.reduce((x, y) => x * y, 1);
        const a = tf.tensor(numbers(count(batchA) * m * k, 1), [...batchA, ...(transposeA ? [k, m] : [m, k])]);
        const b = tf.tensor(numbers(count(batchB) * k * n, 2), [...batchB, ...(transposeB ? [n, k] : [k, n])]);
        const product = tf.matMul(a, b, transposeA, transposeB);
        const full = tf.broadcast_util.assertAndGetBroadcastShape([...batchA], [...batchB]);
        expect(product.shape).toEqual([...full, m, n]);
        const got = product.dataSync();
        // which matrix of an operand belongs to which of the result, by letting tfjs broadcast their numbers
        const places = (batch: readonly number[]) =>
          tf.tidy(() => tf.broadcastTo(tf.reshape(tf.range(0, count(batch)), [...batch]), full).dataSync());
        const [ofA, ofB] = [places(batchA), places(batchB)];
        for (let i = 0; i < count(full); i++) {
          const [x, y] = [a.dataSync(), b.dataSync()].map((v, j) => {
            const [at, size] = [(j === 0 ? ofA : ofB)[i]!, j === 0 ? m * k : k * n];
            return v.slice(at * size, (at + 1) * size) as Float32Array; // of float32 tensors
          });
          const {value, scale} = reference(x!, y!, c);
          value.forEach((v, j) => {
            expect(Math.abs(got[i * m * n + j]! - v) <= 3e-7 * Math.sqrt(k) * scale[j]! + 1e-12)
              .withContext(`element ${j} of product ${i}: ${got[i * m * n + j]}, exactly ${v}`)
              .toBeTrue();
          });
        }
        tf.dispose([a, b, product]);
        expect({tensors: tf.memory().numTensors, data: tf.engine().backend.numDataIds()}).toEqual(before);
      });
    }

    it('adds a bias to every row, before the activation', () => {
      const [a, b, bias] = [
        tf.tensor2d(numbers(15, 3), [5, 3]),
        tf.tensor2d(numbers(30, 4), [3, 10]),
        tf.tensor1d(numbers(10, 5)),
      ];
      const alpha = tf.tensor1d(numbers(10, 6));
      for (const activation of ['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu', 'prelu'] as const) {
        const fused = tf.fused.matMul({
          a,
          b,
          transposeA: false,
          transposeB: false,
          bias,
          activation,
          preluActivationWeights: activation === 'prelu' ? alpha : undefined,
          leakyreluAlpha: activation === 'leakyrelu' ? 0.3 : undefined,
        });
        const plain = tf.tidy(() => {
          const x = tf.add(tf.matMul(a, b), bias);
          return {
            linear: () => x,
            relu: () => tf.relu(x),
            relu6: () => tf.relu6(x),
            elu: () => tf.elu(x),
            sigmoid: () => tf.sigmoid(x),
            leakyrelu: () => tf.leakyRelu(x, 0.3),
            prelu: () => tf.prelu(x, alpha),
          }[activation]();
        });
        const [got, wanted] = [fused.dataSync(), plain.dataSync()];
        wanted.forEach((w, i) => expect(got[i]).withContext(`${activation} at ${i}`).toBeCloseTo(w, 5));
        tf.dispose([fused, plain]);
      }
      tf.dispose([a, b, bias, alpha]);
    });

    it('keeps what is not finite, as it multiplies', () => {
      const product = tf.tidy(() =>
        tf.matMul(
          tf.tensor2d([
            [1, NaN],
            [0, 2],
            [1, Infinity],
          ]),
          tf.tensor2d([
            [1, 2],
            [3, 0],
          ]),
        ),
      );
      expect(Array.from(product.dataSync())).toEqual([NaN, NaN, 6, 0, Infinity, NaN]);
      product.dispose();
    });

    it('sees operands after the memory has grown', () => {
      const a = tf.tensor2d(numbers(64, 1), [8, 8]);
      const before = Array.from(tf.tidy(() => tf.matMul(a, a).dataSync()));
      const large = tf.zeros([3000, 4000]); // 48 MB: beyond what the heap begins with
      expect(Array.from(tf.tidy(() => tf.matMul(a, a).dataSync()))).toEqual(before);
      const tall = tf.tidy(() => tf.matMul(tf.ones([2, 3000]), large));
      expect(tall.shape).toEqual([2, 4000]);
      tf.dispose([a, large, tall]);
    });
  },
  {only: ['wasm'], inBrief: ['wasm']},
);
