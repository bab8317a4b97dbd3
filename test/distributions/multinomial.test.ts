import * as tf from '@tensorflow/tfjs-core';
import {Multinomial, type MultinomialConfig, type OptionalMethod} from '../../src/distributions/index.js';
import {compositions} from '../../src/distributions/compositions.js';
import {lgamma} from '../../src/functions/gamma/index.js';
import {describeBackends, gpuOf} from '../helpers/backends.js';
import {describeDistribution} from '../helpers/distributionSuite.js';
import {expectNear, read, withoutLeak} from '../helpers/near.js';
import {multinomialMass} from './masses.js';
import {reference} from './reference/discrete.js';

const common = {
  create: (config: object) => new Multinomial(config as MultinomialConfig),
  reference: reference.Multinomial,
  outside: [
    [5, 1, 0],
    [2, 2, 1.5],
    [6, -1, 0],
    [0, 0, 0],
  ],
  missing: ['cdf', 'logCdf', 'survival', 'quantile', 'mode', 'entropy'] as OptionalMethod[],
  isDiscrete: true,
  isReparameterized: false,
  constants: ['totalCount'],
};

function masses(n: number, p: number[]): number[] {
  const {values, rows} = compositions('test', n, p.length);
  return Array.from({length: rows}, (_, i) =>
    multinomialMass(p)(Array.from(values.slice(i * p.length, (i + 1) * p.length))),
  );
}

describeDistribution('Multinomial', {
  ...common,
  gradients: {
    parameters: {
      totalCount: [3, 5, 2],
      logits: [
        [0, 0.5, 1],
        [-2, 1, 0],
        [3, 1, 2],
      ],
    },
    x: [
      [1, 0, 2],
      [0, 5, 0],
      [1, 1, 0],
    ],
  },
  samples: [
    {config: {totalCount: 3, probs: [0.25, 0.25, 0.5]}, probs: masses(3, [0.25, 0.25, 0.5])},
    {config: {totalCount: 2, logits: [Math.log(3), -Infinity, 0]}, probs: masses(2, [0.75, 0, 0.25])},
    {config: {totalCount: 3, logits: [80, -80]}, probs: masses(3, [1, 0])},
  ],
  bad: [
    [{logits: [0]}, 'Multinomial: totalCount must be given'],
    [{totalCount: 3}, 'Multinomial: give exactly one of logits and probs, got neither'],
    [{totalCount: 1.5, logits: [0]}, 'Multinomial: totalCount must be a whole number in [0, 16777216], got 1.5'],
    [{totalCount: 1, logits: 0}, 'Multinomial: logits must have at least 1 axis, got 0'],
    [
      {totalCount: 1, probs: [0.5, 0.75]},
      'Multinomial: probs must be >= 0 and sum to 1 along the last axis, got [0.5, 0.75]',
    ],
    [{totalCount: 1, logits: [0], dtype: 'bool'}, 'Multinomial: dtype must be "float32" or "int32", got "bool"'],
  ],
  handwritten: {
    config: {totalCount: 10, logits: [0, 0.5, 1]},
    logProb: (x, {totalCount: n, logits}) => {
      const choices = tf.sub(lgamma(tf.add(n!, 1)), tf.sum(lgamma(tf.add(x, 1)), -1));
      const inside = tf.add(choices, tf.sum(tf.mul(x, tf.logSoftmax(logits!)), -1));
      const whole = tf.logicalAnd(tf.greaterEqual(x, 0), tf.equal(x, tf.floor(x)));
      return tf.where(
        tf.logicalAnd(tf.all(whole, -1), tf.equal(tf.sum(x, -1), n!)),
        inside,
        tf.fill(inside.shape, -Infinity),
      );
    },
  },
});

describeDistribution('Multinomial', {
  ...common,
  gradients: {
    parameters: {
      totalCount: [3, 5, 2],
      probs: [
        [0.5, 0.25, 0.25],
        [0.2, 0.3, 0.5],
        [0.4, 0.3, 0.3],
      ],
    },
    x: [
      [1, 0, 2],
      [0, 5, 0],
      [1, 1, 0],
    ],
  },
  samples: [],
  bad: [],
});

describeBackends(
  'Multinomial',
  () => {
    it('has masses that sum to 1 over its support', async () => {
      const d = new Multinomial({totalCount: 6, logits: [0, 1, -1, 0.5], dtype: 'int32'});
      const values = d.enumerateSupport();
      expect(values.shape).toEqual([84, 4]);
      expect(values.dtype).toBe('int32');
      expectNear(
        [await tf.sum(d.prob(values)).data()].flatMap(t => Array.from(t)),
        [1],
        'sum',
        true,
      );
    });

    it('has the covariance n p_i (δ_ij − p_j)', async () => {
      const [totalCount, weights] = [
        [2, 300],
        [1e-6, 1, 3],
      ];
      const sum = weights.reduce((a, b) => a + b);
      const exact = totalCount.flatMap(n =>
        weights.flatMap((a, i) => weights.map((b, j) => ((i === j ? a * (sum - a) : -a * b) * n) / sum ** 2)),
      );
      for (const config of [{logits: weights.map(Math.log)}, {probs: weights.map(w => w / sum)}]) {
        const covariance = withoutLeak('covariance', () => new Multinomial({totalCount, ...config}).covariance());
        expect(covariance.shape).toEqual([2, 3, 3]);
        expectNear(await read(covariance), exact, Object.keys(config)[0]!, false, 0);
      }
    });
  },
  {inBrief: [gpuOf('Multinomial')]},
);
