import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends} from '../helpers/backends.js';
import {advantages, expectClose, logits} from './given.js';

describeBackends(
  'leaveOneOut',
  () => {
    it('is the mean of the other samples, along the leading axis', async () => {
      const costs = [
        [1, 5, -2],
        [3, 0, 4],
        [8, 1, 1],
      ];
      const others = costs.map((row, k) =>
        row.map((f, b) => f - costs.reduce((s, r, j) => s + (j === k ? 0 : r[b]!), 0) / 2),
      );
      expectClose((await advantages(st.leaveOneOut(), [costs], st.sampleValue(3))).advantages[0]!, others.flat());
      expectClose((await advantages(st.leaveOneOut({samples: 3}), [costs])).advantages[0]!, others.flat());
      // merged into the batch: the sample varies slowest
      expectClose(
        (await advantages(st.leaveOneOut(), [[...costs[0]!, ...costs[1]!, ...costs[2]!]], st.sampleAndReshapeValue(3)))
          .advantages[0]!,
        others.flat(),
      );
    });

    it('needs two samples, and costs that keep them', () => {
      const w = tf.variable(tf.tensor1d(logits));
      const run = (valueType: st.ValueType, f: (x: tf.Tensor) => tf.Tensor | tf.Tensor[]) => () => {
        tf.dispose(
          st.variableGrads(
            () =>
              f(
                new st.DistributionTensor(new st.Bernoulli({logits: w}), {
                  estimator: 'leaveOneOut',
                  valueType,
                  name: 'z',
                }).value,
              ),
            [w],
          ),
        );
      };
      expect(run(st.sampleValue(1), x => x)).toThrowError('leaveOneOut at node "z": needs at least 2 samples, got 1');
      expect(run(st.sampleAndReshapeValue(1), x => x)).toThrowError(
        'leaveOneOut at node "z": needs at least 2 samples, got 1',
      );
      expect(run(st.sampleValue(), x => tf.mean(x, 0))).toThrowError(
        /^leaveOneOut at node "z": the costs must keep the sample axis of size 4/,
      );
      expect(run(st.sampleValue(), x => tf.mean(x, 0, true))).toThrowError(
        /^leaveOneOut at node "z": the costs must keep the sample axis of size 4/,
      );
      const both = run(st.sampleValue(), x => [x, tf.square(tf.mean(x, 0))]);
      expect(both).toThrowError(
        /^leaveOneOut at node "z": the costs must keep the sample axis of size 4, so that each sample has its own cost/,
      );
      expect(run(st.sampleValue(), x => tf.mean(x, 1, true))).not.toThrow();
      st.disposeSharedEstimators();
      w.dispose();
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
