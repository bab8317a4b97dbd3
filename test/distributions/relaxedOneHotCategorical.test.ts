import * as tf from '@tensorflow/tfjs-core';
import {
  RelaxedOneHotCategorical,
  type OptionalMethod,
  type RelaxedOneHotCategoricalConfig,
} from '../../src/distributions/index.js';
import * as random from '../../src/random/index.js';
import {describeBackends, gpuOf, sizeFor} from '../helpers/backends.js';
import {describeDistribution} from '../helpers/distributionSuite.js';
import {ksPValue} from '../helpers/statistics.js';
import {reference} from './reference/discrete.js';

const common = {
  create: (config: object) => new RelaxedOneHotCategorical(config as RelaxedOneHotCategoricalConfig),
  reference: reference.RelaxedOneHotCategorical,
  outside: [
    [0, 0.5, 0.5],
    [0.5, 0.5, 0.5],
    [-0.5, 0.5, 1],
  ],
  missing: [
    'cdf',
    'logCdf',
    'survival',
    'quantile',
    'mean',
    'variance',
    'stddev',
    'mode',
    'entropy',
    'enumerateSupport',
  ] as OptionalMethod[],
  isDiscrete: false,
  isReparameterized: true,
  samples: [],
  constants: ['x'], // a step in one element leaves the simplex
};
/** ln x_0 − ln x_1, logistic with mean (l_0 − l_1)/λ and scale 1/λ. */
const contrast = (x: tf.Tensor) => {
  const [a, b] = tf.unstack(tf.log(x), x.rank - 1) as [tf.Tensor, tf.Tensor]; // there are three
  return tf.sub(a, b);
};

const expectations = (key: 'logits' | 'probs', values: number[]) =>
  [1, 2].map(power => ({
    config: {temperature: 1, [key]: values},
    f: (x: tf.Tensor) => tf.pow(contrast(x), power),
    exact: (p: Record<string, tf.Tensor>) => {
      const given = key === 'logits' ? p['logits']! : tf.log(p['probs']!);
      const [a, b] = tf.unstack(given, given.rank - 1) as [tf.Tensor, tf.Tensor]; // as above
      const mean = tf.div(tf.sub(a, b), p['temperature']!);
      return power === 1 ? mean : tf.add(tf.square(mean), tf.div(Math.PI ** 2 / 3, tf.square(p['temperature']!)));
    },
  }));

describeDistribution('RelaxedOneHotCategorical', {
  ...common,
  gradients: {
    parameters: {
      temperature: [0.5, 1, 2],
      logits: [
        [0, 0.5, 1],
        [-2, 1, 0],
        [3, 1, 2],
      ],
    },
    x: [
      [0.3, 0.3, 0.4],
      [0.5, 0.25, 0.25],
      [0.3, 0.5, 0.2],
    ],
  },
  expectations: expectations('logits', [0.5, -0.5, 0]),
  bad: [
    [{logits: [0, 1]}, 'RelaxedOneHotCategorical: temperature must be given'],
    [{temperature: 1}, 'RelaxedOneHotCategorical: give exactly one of logits and probs, got neither'],
    [{temperature: [1, -1], logits: [0, 1]}, 'RelaxedOneHotCategorical: temperature must be > 0, got -1 at [1]'],
    [
      {temperature: 1, probs: [0.5, 0.75]},
      'RelaxedOneHotCategorical: probs must be >= 0 and sum to 1 along the last axis, got [0.5, 0.75]',
    ],
    [{temperature: 1, logits: 0}, 'RelaxedOneHotCategorical: logits must have at least 1 axis, got 0'],
  ],
  handwritten: {
    config: {temperature: 1, logits: [0.5, -0.5, 0]},
    logProb: (x, {temperature, logits}) => {
      const logX = tf.log(x);
      const terms = tf.sub(tf.logSoftmax(tf.sub(logits!, tf.mul(temperature!, logX))), logX);
      const inside = tf.add(tf.sum(terms, -1), tf.add(tf.mul(tf.log(temperature!), 2), Math.LN2));
      const valid = tf.logicalAnd(tf.all(tf.greater(x, 0), -1), tf.less(tf.abs(tf.sub(tf.sum(x, -1), 1)), 1e-4));
      return tf.where(valid, inside, tf.fill(inside.shape, -Infinity));
    },
  },
});

describeDistribution('RelaxedOneHotCategorical', {
  ...common,
  reference: reference.RelaxedOneHotCategorical.slice(3, 4),
  gradients: {
    parameters: {
      temperature: [0.5, 1, 2],
      probs: [
        [0.5, 0.5],
        [0.45, 0.55],
        [0.4, 0.6],
      ],
    },
    x: [
      [0.3, 0.7],
      [0.5, 0.5],
      [0.4, 0.6],
    ],
  },
  expectations: expectations('probs', [0.25, 0.25, 0.5]),
  bad: [],
});

describeBackends(
  'RelaxedOneHotCategorical',
  () => {
    const key = random.key(8);

    it('draws from its distribution: ratios of elements are logistic', async () => {
      const d = new RelaxedOneHotCategorical({temperature: 0.7, logits: [0.5, -1, 2]});
      const ratios = await tf
        .tidy(() => contrast(d.sample(sizeFor({cpu: 100_000, wasm: 100_000, webgl: 10_000, webgpu: 5_000}), {key})))
        .data();
      expect(ksPValue(ratios, r => 1 / (1 + Math.exp(1.5 - 0.7 * r)))).toBeGreaterThan(0.001);
    });

    it('draws no 0, for logits to ±80 and temperatures of 0.01 to 10, with finite derivatives', async () => {
      const parameters = [tf.tensor1d([0.01, 0.1, 1, 10]), tf.tensor1d([-80, 0, 80])] as const;
      const draw = (t: tf.Tensor, l: tf.Tensor) =>
        new RelaxedOneHotCategorical({temperature: t, logits: l}).sample(20, {key});
      const values = await draw(...parameters).data();
      expect(values.every(v => v > 0 && v <= 1)).toBe(true);
      const logProb = await new RelaxedOneHotCategorical({temperature: parameters[0], logits: parameters[1]})
        .logProb(draw(...parameters))
        .data();
      expect(logProb.every(Number.isFinite)).toBe(true);
      for (const g of tf.grads((t: tf.Tensor, l: tf.Tensor) => tf.sum(draw(t, l)))([...parameters])) {
        expect((await g.data()).every(Number.isFinite)).toBe(true);
      }
    });
  },
  {inBrief: [gpuOf('RelaxedOneHotCategorical')]},
);
