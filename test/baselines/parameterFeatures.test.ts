import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {joinFeatures, parameterFeatures} from '../../src/baselines/parameterFeatures.js';
import {describeBackends} from '../helpers/backends.js';

describeBackends(
  'what a network sees of a node',
  () => {
    it('are its parameter tensors, flattened, joined and finite', async () => {
      const logits = tf.tensor2d([
        [1, -Infinity, 2],
        [0, 3, 4],
      ]);
      const features = tf.tidy(() => parameterFeatures(new st.Categorical({logits})));
      expect(features.shape).toEqual([2, 3]);
      expect(Array.from(await features.data())).toEqual([1, -30, 2, 0, 3, 4]);
      const two = tf.tidy(() => parameterFeatures(new st.Normal({loc: tf.tensor1d([1, 2]), scale: tf.scalar(3)})));
      expect(two.shape[0]).toBe(2);
      const none = tf.tidy(() => parameterFeatures(new st.Normal({loc: 0, scale: 1})));
      expect(none.shape).toEqual([1]);
      expect(Array.from(await none.data())).toEqual([0]);
      tf.dispose([logits, features, two, none]);
    });

    it('joinFeatures broadcasts each part to the head', () => {
      const joined = tf.tidy(() => joinFeatures([tf.zeros([3, 2]), tf.ones([1, 4])], [3]));
      expect(joined.shape).toEqual([3, 6]);
      joined.dispose();
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
