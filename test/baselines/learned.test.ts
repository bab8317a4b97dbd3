import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends} from '../helpers/backends.js';
import {logits} from './given.js';

describeBackends(
  'learned',
  () => {
    it('has the layers that it was made with, whatever becomes of the list', () => {
      const units = [3];
      const estimators = [st.nvil({units}), st.estimators.get('critic', {units})];
      units[0] = NaN;
      const w = tf.variable(tf.tensor1d(logits));
      for (const estimator of estimators) {
        const node = (): tf.Tensor =>
          new st.DistributionTensor(new st.Bernoulli({logits: w}), {estimator, name: 'z'}).value;
        expect(() => tf.dispose(st.variableGrads(node, [w]))).not.toThrow();
        estimator.dispose!();
      }
      w.dispose();
    });

    it('refuses a network whose output does not fit', () => {
      const w = tf.variable(tf.tensor1d(logits));
      const run = (network: (x: tf.Tensor) => tf.Tensor) => () => {
        const estimator = st.nvil({network});
        try {
          tf.dispose(
            st.variableGrads(
              () => new st.DistributionTensor(new st.Bernoulli({logits: w}), {estimator, name: 'z'}).value,
              [w],
            ),
          );
        } finally {
          estimator.dispose!();
        }
      };
      const before = tf.memory().numTensors;
      expect(run(() => tf.zeros([3, 2]))).toThrowError(
        /^learned at node "z": the network's output must broadcast to the node's shape \[3\], with or without a last axis of size 1/,
      );
      expect(run(() => 3 as unknown as tf.Tensor)).toThrowError(/^learned at node "z": the network/);
      for (const shape of [[3], [3, 1], [1], []]) expect(run(() => tf.zeros(shape))).not.toThrow();
      expect(tf.memory().numTensors).toBe(before);
      w.dispose();
    });
  },
  {inBrief: ['webgl'], inNode: ['cpu']},
);
