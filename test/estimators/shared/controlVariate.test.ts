import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends} from '../../helpers/backends.js';

const logits = [0.3, -0.4, 0.9];

describeBackends(
  'control variates',
  () => {
    it('must have the node’s shape', () => {
      const w = tf.variable(tf.tensor1d(logits));
      const run = (controlVariate: (z: tf.Tensor) => tf.Tensor) => () => {
        tf.dispose(
          st.variableGrads(
            () =>
              new st.DistributionTensor(new st.Bernoulli({logits: w}), {
                estimator: st.relax({controlVariate}),
                name: 'z',
              }).value,
            [w],
          ),
        );
      };
      const before = tf.memory().numTensors;
      expect(run(() => tf.zeros([2]))).toThrowError(
        'relax at node "z": the control variate must return a tensor of shape [3] or [3,1], got a float32 tensor of shape [2]',
      );
      expect(run(() => 3 as unknown as tf.Tensor)).toThrowError(
        /^relax at node "z": the control variate must return a tensor of shape \[3\] or \[3,1\], got 3/,
      );
      expect(run(z => tf.expandDims(z, -1))).not.toThrow();
      expect(run(() => tf.zeros([3]))).not.toThrow();
      expect(tf.memory().numTensors).toBe(before);
      w.dispose();
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
