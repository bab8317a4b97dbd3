import * as tf from '@tensorflow/tfjs-core';
import {
  finiteLog,
  finiteLogWeights,
  logCdfByHazard,
  logOfTail,
  logSoftmax,
  logSumExp,
  logWeighedSum,
  softplus,
} from '../../../src/functions/logarithms/index.js';
import {describeBackends} from '../../helpers/backends.js';
import {expectClose} from '../functionSuite.js';

const LEAST = Math.log(1e-18);

describeBackends(
  'logarithms',
  () => {
    const expectValues = async (make: () => tf.Tensor, expected: number[], absolute = 0): Promise<void> => {
      const y = tf.tidy(make);
      expectClose(await y.data(), expected, i => `[${i}]`, {absolute});
      y.dispose();
    };

    it('of probabilities stay finite where those are 0, with finite derivatives', async () => {
      await expectValues(() => finiteLog(tf.tensor1d([0, 1e-30, 0.5, 1])), [LEAST, LEAST, Math.log(0.5), 0]);
      await expectValues(() => tf.grad(p => tf.sum(finiteLog(p)))(tf.tensor1d([0, 0.5])), [0, 2]);
      await expectValues(() => finiteLogWeights(tf.tensor1d([-Infinity, 3, 1])), [3 + LEAST, 3, 1]);
    });

    it('of sums bear any size, and −∞', async () => {
      const rows = () =>
        tf.tensor2d([
          [1000, 1000],
          [-1000, -1001],
          [-Infinity, 2],
          [-Infinity, -Infinity],
        ]);
      await expectValues(() => logSumExp(rows()), [1000 + Math.LN2, -1000 + Math.log1p(Math.exp(-1)), 2, -Infinity]);
      await expectValues(
        () =>
          logSumExp(
            tf.tensor2d([
              [0, 1],
              [0, 1],
            ]),
            0,
          ),
        [Math.LN2, 1 + Math.LN2],
      );
      await expectValues(() => tf.grad(a => tf.sum(logSumExp(a)))(tf.tensor1d([0, Math.log(3)])), [0.25, 0.75]);
    });

    it('of weighed sums have right derivatives in a weight of 0', async () => {
      const a = () => tf.tensor1d([0, Math.log(2)]);
      await expectValues(() => logWeighedSum(tf.tensor1d([0.5, 0]), a()), [Math.log(0.5)]);
      await expectValues(() => tf.grad(w => logWeighedSum(w, a()))(tf.tensor1d([0.5, 0])), [2, 4]);
    });

    it('of softmax keep their digits where a class is nearly certain', async () => {
      await expectValues(
        () => logSoftmax(tf.tensor1d([20, 0])),
        [-Math.log1p(Math.exp(-20)), -20 - Math.log1p(Math.exp(-20))],
      );
      await expectValues(() => logSoftmax(tf.tensor1d([1, 1, -Infinity])), [-Math.LN2, -Math.LN2, -Infinity]);
      await expectValues(() => tf.grad(x => tf.slice(logSoftmax(x), 0, 1))(tf.tensor1d([0, 0])), [0.5, -0.5]);
    });

    it('of 1 + eˣ are good at both ends', async () => {
      await expectValues(
        () => softplus(tf.tensor1d([-50, -10, 0, 10, 100])),
        [Math.exp(-50), Math.log1p(Math.exp(-10)), Math.LN2, 10 + Math.log1p(Math.exp(-10)), 100],
      );
    });

    it('of distribution functions are right in both tails', async () => {
      await expectValues(
        () => logOfTail(tf.tensor1d([1e-20, 1, 0.25]), tf.tensor1d([1, 1e-20, 0.75])),
        [Math.log(1e-20), -1e-20, Math.log(0.25)],
      );
      const exponential = {of: (x: tf.Tensor) => x, logOf: (x: tf.Tensor) => tf.log(x), inside: 0.5};
      await expectValues(
        () => logCdfByHazard(tf.tensor1d([0, 1e-20, 1, 40]), exponential),
        [-Infinity, Math.log(1e-20), Math.log1p(-Math.exp(-1)), -Math.exp(-40)],
      );
    });
  },
  {inBrief: []},
);
