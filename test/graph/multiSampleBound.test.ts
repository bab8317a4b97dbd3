/**
 * The multi-sample bound: its value and two derivatives against double precision, weights of 0, and what it refuses.
 */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {normalizedWeights} from '../../src/graph/multiSampleBound.js';
import {ensureKernels} from '../../src/kernels/index.js';
import {describeBackends} from '../helpers/backends.js';

/** ln (1/K) Σ e^l and e^l / Σ e^l. */
function exact(l: number[]): {bound: number; weights: number[]} {
  const top = Math.max(...l, -Number.MAX_VALUE);
  const w = l.map(x => Math.exp(x - top));
  const sum = w.reduce((a, b) => a + b, 0);
  return {bound: top + Math.log(sum / l.length), weights: w.map(x => (sum === 0 ? 0 : x / sum))};
}

const columns = [
  [0.3, -1.2, 2.1],
  [-5000, -5001.5, -4999.25],
  [3000, 2000, 1000],
  [-Infinity, 0.5, -1],
  [4, -Infinity, -Infinity],
];
/** `[samples, batch]` of columns. */
const matrix = (of: number[][]): tf.Tensor2D => tf.tidy(() => tf.transpose(tf.tensor2d(of)));

describeBackends(
  'multiSampleBound',
  () => {
    beforeAll(() => ensureKernels());

    it('is the logarithm of the mean weight, for log-weights of any size and weights of 0', async () => {
      const before = tf.memory().numTensors;
      const l = matrix(columns);
      const bound = st.multiSampleBound(l);
      expect(bound.shape).toEqual([5]);
      const found = await bound.data();
      columns.forEach((column, i) => {
        const wanted = exact(column).bound;
        expect(Math.abs(found[i]! - wanted)).toBeLessThan(1e-6 * Math.max(5, Math.abs(wanted)));
      });
      tf.dispose([l, bound]);
      expect(tf.memory().numTensors).toBe(before);
    });

    it('has the normalised weights as its derivative', async () => {
      const before = tf.memory().numTensors;
      const l = matrix(columns);
      const [slope, weights] = tf.tidy(() => [tf.grad(x => st.multiSampleBound(x))(l), normalizedWeights(l)]);
      for (const got of [await slope.data(), await weights.data()]) {
        columns.forEach((column, i) =>
          exact(column).weights.forEach((w, k) =>
            expect(got[k * columns.length + i]).toBeCloseTo(w, 3 + (Math.abs(column[0]!) < 100 ? 2 : 0)),
          ),
        );
      }
      tf.dispose([l, slope, weights]);
      expect(tf.memory().numTensors).toBe(before);
    });

    it('has the second derivative diag(w) − w wᵀ', async () => {
      const l = [0.3, -1.2, 2.1, -Infinity];
      const direction = [1, -0.5, 0.25, 2];
      const {weights} = exact(l);
      const mean = weights.reduce((sum, w, k) => sum + w * direction[k]!, 0);
      const second = tf.tidy(() =>
        tf.grad(x => tf.sum(tf.mul(tf.grad(y => st.multiSampleBound(y))(x), direction)))(tf.tensor1d(l)),
      );
      const got = await second.data();
      weights.forEach((w, k) => expect(got[k]).toBeCloseTo(w * (direction[k]! - mean), 5));
      second.dispose();
    });

    it('where every weight is 0 is −∞ with the derivative 0, and other elements of the batch are not touched', async () => {
      const l = matrix([
        [-Infinity, -Infinity],
        [1, 1],
      ]);
      const [bound, slope, weights] = tf.tidy(() => [
        st.multiSampleBound(l),
        tf.grad(x => st.multiSampleBound(x))(l),
        normalizedWeights(l),
      ]);
      expect(Array.from(await bound.data())).toEqual([-Infinity, 1]);
      for (const t of [slope, weights]) {
        const got = await t.data();
        [0, 0.5, 0, 0.5].forEach((w, i) => expect(got[i]).toBeCloseTo(w, 6));
      }
      tf.dispose([l, bound, slope, weights]);
    });

    it('of one sample is its log-weight', async () => {
      const bound = tf.tidy(() => st.multiSampleBound(tf.tensor2d([[1.5, -3]])));
      (await bound.data()).forEach((x, i) => expect(x).toBeCloseTo([1.5, -3][i]!, 6));
      bound.dispose();
    });

    it('stays NaN where a log-weight is', async () => {
      const bound = tf.tidy(() =>
        st.multiSampleBound(
          tf.tensor2d([
            [NaN, 1],
            [1, 1],
          ]),
        ),
      );
      const got = await bound.data();
      expect(got[0]).toBeNaN();
      expect(got[1]).toBeCloseTo(1, 6);
      bound.dispose();
    });

    it('refuses what is no list of log-weights', () => {
      const who =
        /^multiSampleBound: logWeights must be a float32 tensor of shape \[samples, batch…\] with at least one sample, got/;
      tf.tidy(() => {
        for (const bad of [3, [1, 2], null, undefined, tf.scalar(1), tf.zeros([0, 3]), tf.ones([2], 'int32')]) {
          expect(() => st.multiSampleBound(bad as tf.Tensor)).toThrowError(who);
        }
      });
    });
  },
  {inBrief: ['webgl'], inNode: ['wasm']},
);
