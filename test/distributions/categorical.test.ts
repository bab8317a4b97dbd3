import * as tf from '@tensorflow/tfjs-core';
import {Categorical, type OptionalMethod} from '../../src/distributions/index.js';
import {describeDistribution} from '../helpers/distributionSuite.js';
import {reference} from './reference/basic.js';

const common = {
  create: (config: object) => new Categorical(config),
  reference: reference.Categorical,
  outside: [3, -1, 0.5],
  missing: ['mean', 'variance', 'stddev'] as OptionalMethod[],
  isDiscrete: true,
  isReparameterized: false,
};

describeDistribution('Categorical', {
  ...common,
  gradients: {
    parameters: {
      logits: [
        [0, 0.5, 1],
        [-2, 1, 0],
        [3, 1, 2],
      ],
    },
    x: [0, 2, 1],
  },
  samples: [
    {config: {logits: [0, 0, 0]}, probs: [1 / 3, 1 / 3, 1 / 3]},
    {config: {logits: [-Infinity, Math.log(3), 0]}, probs: [0, 0.75, 0.25]},
    {config: {probs: [0.1, 0, 0.6, 0.3]}, probs: [0.1, 0, 0.6, 0.3]},
    {config: {logits: [80, -80]}, probs: [1, 0]},
  ],
  bad: [
    [{}, 'Categorical: give exactly one of logits and probs, got neither'],
    [{logits: [1], probs: [1]}, 'Categorical: give exactly one of logits and probs, got both'],
    [{logits: 1}, 'Categorical: logits must have at least 1 axis, got 1'],
    [{logits: []}, 'Categorical: logits must have at least one element along the last axis, got []'],
    [
      {
        probs: [
          [0.5, 0.5],
          [0.5, 0.75],
        ],
      },
      'Categorical: probs must be >= 0 and sum to 1 along the last axis, got [0.5, 0.75] at [1]',
    ],
    [{probs: [1.5, -0.5]}, 'Categorical: probs must be >= 0 and sum to 1 along the last axis, got [1.5, -0.5]'],
    [
      {logits: [0, NaN]},
      'Categorical: logits must be numbers below Infinity, not all -Infinity, along the last axis, got [0, NaN]',
    ],
    [{porbs: [1]}, 'Categorical: unknown option "porbs"; did you mean "probs"?'],
  ],
  handwritten: {
    config: {logits: [0, 0.5, 1]},
    logProb: (x, {logits}) => {
      const index = tf.cast(x, 'float32');
      const inside = tf.sum(tf.mul(tf.oneHot(tf.cast(x, 'int32'), 3), tf.logSoftmax(logits!)), -1);
      const valid = tf.logicalAnd(
        tf.logicalAnd(tf.greaterEqual(index, 0), tf.less(index, 3)),
        tf.equal(index, tf.floor(index)),
      );
      return tf.where(valid, inside, tf.fill(x.shape, -Infinity));
    },
  },
});

describeDistribution('Categorical', {
  ...common,
  gradients: {
    parameters: {
      probs: [
        [0.5, 0.25, 0.25],
        [0.2, 0.3, 0.5],
        [0.1, 0.8, 0.1],
      ],
    },
    x: [0, 2, 1],
  },
  samples: [],
  bad: [],
});
