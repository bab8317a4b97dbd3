import * as tf from '@tensorflow/tfjs-core';
import * as vonMises from '../../../src/functions/vonMises/index.js';
import {describeGroup} from '../groupSuite.js';
import {vonMisesReference} from '../reference/elementary.js';

const {vonMisesCdf, vonMisesSampleCurvature, vonMisesSampleDerivative} = vonMises;

/** In the tail a small difference, hence its tolerance. */
const sampleByZ = (k: tf.Tensor, z: tf.Tensor) =>
  tf.tidy(() => tf.grad(v => tf.sum(vonMisesSampleDerivative(k, v)))(tf.add(z, tf.zerosLike(k))));

describeGroup(
  'vonMises',
  {
    functions: {...vonMises, vonMisesSampleByZ: sampleByZ},
    reference: vonMisesReference,
    zeros: {vonMisesLogDensity: 1e-6},
    relative: {vonMisesSampleByZ: 2e-5},
    outside: {vonMisesCdf: [[1, -1]], vonMisesSampleDerivative: [[-1, 1]]},
  },
  () => {
    it('is symmetric, and says where its derivatives end', async () => {
      const [below, above] = [vonMisesCdf([-0.7, -0.01], 3), vonMisesCdf([0.7, 0.01], 3)];
      const sums = await tf.add(below, above).data();
      for (const sum of sums) expect(sum).toBeCloseTo(1, 5);
      const third = tf.grad(k => tf.sum(vonMisesSampleCurvature(k, 1)));
      expect(() => third(tf.scalar(2))).toThrowError(/there is no derivative in concentration/);
    });
  },
);
