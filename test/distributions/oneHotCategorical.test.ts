import * as tf from '@tensorflow/tfjs-core';
import {OneHotCategorical, type OptionalMethod} from '../../src/distributions/index.js';
import {describeBackends, gpuOf} from '../helpers/backends.js';
import {describeDistribution} from '../helpers/distributionSuite.js';
import {expectNear, read, withoutLeak} from '../helpers/near.js';
import {reference} from './reference/basic.js';

const common = {
  create: (config: object) => new OneHotCategorical(config),
  reference: reference.OneHotCategorical,
  outside: [
    [0, 0, 0],
    [1, 1, 0],
    [0.5, 0.5, 0],
    [2, -1, 0],
  ],
  missing: ['cdf', 'logCdf', 'survival', 'quantile'] as OptionalMethod[],
  isDiscrete: true,
  isReparameterized: false,
};

describeDistribution('OneHotCategorical', {
  ...common,
  gradients: {
    parameters: {
      logits: [
        [0, 0.5, 1],
        [-2, 1, 0],
        [3, 1, 2],
      ],
    },
    x: [
      [1, 0, 0],
      [0, 0, 1],
      [0, 1, 0],
    ],
  },
  samples: [
    {config: {logits: [0, 0, 0]}, probs: [1 / 3, 1 / 3, 1 / 3]},
    {config: {logits: [-Infinity, Math.log(3), 0]}, probs: [0, 0.75, 0.25]},
    {config: {probs: [0.1, 0, 0.6, 0.3]}, probs: [0.1, 0, 0.6, 0.3]},
    {config: {logits: [80, -80]}, probs: [1, 0]},
  ],
  bad: [
    [{}, 'OneHotCategorical: give exactly one of logits and probs, got neither'],
    [{logits: [1], probs: [1]}, 'OneHotCategorical: give exactly one of logits and probs, got both'],
    [{logits: 1}, 'OneHotCategorical: logits must have at least 1 axis, got 1'],
    [{logits: []}, 'OneHotCategorical: logits must have at least one element along the last axis, got []'],
    [
      {
        probs: [
          [0.5, 0.5],
          [0.5, 0.75],
        ],
      },
      'OneHotCategorical: probs must be >= 0 and sum to 1 along the last axis, got [0.5, 0.75] at [1]',
    ],
    [{probs: [1.5, -0.5]}, 'OneHotCategorical: probs must be >= 0 and sum to 1 along the last axis, got [1.5, -0.5]'],
    [
      {logits: [0, NaN]},
      'OneHotCategorical: logits must be numbers below Infinity, not all -Infinity, along the last axis, got [0, NaN]',
    ],
    [{porbs: [1]}, 'OneHotCategorical: unknown option "porbs"; did you mean "probs"?'],
  ],
  handwritten: {
    config: {logits: [0, 0.5, 1]},
    logProb: (x, {logits}) => {
      const inside = tf.sum(tf.mul(x, tf.logSoftmax(logits!)), -1);
      const binary = tf.logicalOr(tf.equal(x, 0), tf.equal(x, 1));
      return tf.where(
        tf.logicalAnd(tf.all(binary, -1), tf.equal(tf.sum(x, -1), 1)),
        inside,
        tf.fill(inside.shape, -Infinity),
      );
    },
  },
});

describeDistribution('OneHotCategorical', {
  ...common,
  gradients: {
    parameters: {
      probs: [
        [0.5, 0.25, 0.25],
        [0.2, 0.3, 0.5],
        [0.1, 0.8, 0.1],
      ],
    },
    x: [
      [1, 0, 0],
      [0, 0, 1],
      [0, 1, 0],
    ],
  },
  samples: [],
  bad: [],
});

describeBackends(
  'OneHotCategorical',
  () => {
    it('has the covariance p_i (δ_ij − p_j)', async () => {
      const weights = [
        [1, 2, 5],
        [1e-6, 1, 3],
      ];
      const exact = weights.flatMap(row => {
        const total = row.reduce((a, b) => a + b);
        return row.flatMap((a, i) => row.map((b, j) => (i === j ? a * (total - a) : -a * b) / total ** 2));
      });
      for (const config of [
        {logits: weights.map(row => row.map(Math.log))},
        {probs: weights.map(row => row.map(w => w / row.reduce((a, b) => a + b)))},
      ]) {
        const covariance = withoutLeak('covariance', () => new OneHotCategorical(config).covariance());
        expect(covariance.shape).toEqual([2, 3, 3]);
        expectNear(await read(covariance), exact, Object.keys(config)[0]!, false, 0);
      }
    });
  },
  {inBrief: [gpuOf('OneHotCategorical')]},
);
