import * as tf from '@tensorflow/tfjs';
import * as st from 'tfjs-stochastic';
import {describeBackends} from '../helpers/backends.js';
import {message, step} from './scoreStep.js';

describeBackends(
  'what costs must look like',
  () => {
    describe('refuses, whatever the sizes,', () => {
      for (const [b, e] of [
        [3, 3],
        [2, 3],
        [3, 2],
        [4, 4],
      ] as const) {
        it(`a cost that still has the event [${e}] of a batch [${b}]`, async () => {
          expect(await message(() => step([b, e], 1, x => tf.mul(x, 2)))).toMatch(
            /^node "z": .*still has an axis of its event/,
          );
          expect(await message(() => step([b, e], 1, x => tf.transpose(tf.mul(x, 2))))).toMatch(
            /^node "z": .*still has an axis of its event/,
          );
        });

        it(`a cost with another axis [${e}] behind the batch [${b}]`, async () => {
          expect(await message(() => step([b, e], 1, x => tf.matMul(x, tf.ones([e, e]))))).toMatch(
            /^node "z": .*does not align with it: behind the batch it has more axes/,
          );
        });

        it(`an event [${e}] of samples [${b}]`, async () => {
          expect(await message(() => step([e], 1, x => tf.mul(x, 2), [b]))).toMatch(
            /^node "z": .*still has an axis of its event/,
          );
        });
      }

      it('a cost of all pairs of examples, as a reward of shape [batch, 1] makes it', async () => {
        expect(await message(() => step([4], 0, x => tf.mul(x, tf.tensor2d([[1], [2], [3], [4]]))))).toMatch(
          /^node "z": .*axis of size 4 in front that is no sample axis/,
        );
      });
    });

    it('refuses one that lacks a batch axis of the node', async () => {
      expect(await message(() => step([2, 3], 0, x => tf.sum(x, 1)))).toMatch(
        /^node "z": its log-probability has shape \[2,3\] and a cost of shape \[2\] lacks a batch axis of the node/,
      );
    });

    it('takes axes of samples in front of the batch, whatever their sizes, and one that the node knows nothing of', async () => {
      for (const [k, b] of [
        [3, 3],
        [2, 3],
      ] as const) {
        expect(await message(() => step([b], 0, x => tf.mul(x, 2), [k]))).toBe('nothing was thrown');
        expect(await message(() => step([b], 0, x => tf.mul(tf.expandDims(x, 0), tf.ones([b + 1, 1]))))).toBe(
          'nothing was thrown',
        );
      }
    });

    it('says once that a cost couples the examples of the batch', () => {
      spyOn(console, 'warn');
      const w = tf.variable(tf.tensor1d([0.1, 0.2, 0.3]));
      const optimizer = st.stochasticOptimizer(tf.train.sgd(0.1));
      for (let i = 0; i < 3; i++) {
        optimizer.minimize(() =>
          tf.logSoftmax(
            new st.DistributionTensor(new st.Bernoulli({logits: w}), {estimator: 'scoreFunction', name: 'z'}).value,
          ),
        );
      }
      expect(console.warn).toHaveBeenCalledOnceWith(
        jasmine.stringMatching(/couples the examples of the batch at node "z"/),
      );
      w.dispose();
      optimizer.dispose();
    });

    it('says nothing of a scalar, which says itself that it belongs to all', async () => {
      spyOn(console, 'warn');
      await step([3], 0, x => tf.mean(tf.square(x)));
      expect(console.warn).not.toHaveBeenCalled();
    });
  },
  {only: ['cpu'], inBrief: []},
);
