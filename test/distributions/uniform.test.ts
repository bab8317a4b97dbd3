import * as tf from '@tensorflow/tfjs-core';
import {Uniform, type UniformConfig} from '../../src/distributions/index.js';
import * as random from '../../src/random/index.js';
import {describeBackends, gpuOf} from '../helpers/backends.js';
import {describeDistribution} from '../helpers/distributionSuite.js';
import {reference} from './reference/basic.js';
import {reference as extreme} from './reference/continuous.js';

describeDistribution('Uniform', {
  create: config => new Uniform(config as unknown as UniformConfig),
  reference: [...reference.Uniform, ...extreme.Uniform],
  gradients: {parameters: {low: [0, -1, -5, -6], high: [3, 4, 5, 6]}, x: [0.3, 2, -0.5, 4]},
  samples: [
    {config: {low: 0, high: 1}, cdf: x => x},
    {config: {low: -3, high: 4}, cdf: x => (x + 3) / 7},
  ],
  bad: [
    [{low: 0}, 'Uniform: high must be given'],
    [{low: 1, high: 1}, 'Uniform: high must be > low, got low 1 and high 1'],
    [{low: [0, 2], high: [[1], [3]]}, 'Uniform: high must be > low, got low 2 and high 1 at [0,1]'],
    [{low: NaN, high: 1}, 'Uniform: low must be finite, got NaN'],
    [{low: 0, high: Infinity}, 'Uniform: high must be finite, got Infinity'],
    [{low: [1, 2], high: [4, 5, 6]}, 'Uniform: shapes must broadcast, got [2] and [3]'],
    [{low: 0, hihg: 1}, 'Uniform: unknown option "hihg"; did you mean "high"?'],
  ],
  outside: [-0.01, 1.01, 50],
  missing: ['mode', 'enumerateSupport'],
  isDiscrete: false,
  isReparameterized: true,
  handwritten: {
    config: {low: -1, high: 3},
    logProb: (x, {low, high}) => {
      const inside = tf.neg(tf.log(tf.sub(high!, low!)));
      return tf.where(
        tf.logicalAnd(tf.greaterEqual(x, low!), tf.lessEqual(x, high!)),
        tf.mul(tf.onesLike(x), inside),
        -Infinity,
      );
    },
  },
});

describeBackends(
  'Uniform of tensors',
  () => {
    it('never leaves [low, high], whatever rounding does', async () => {
      const [low, high] = [tf.tensor1d([1, -1, 1e7]), tf.tensor1d([1.0000002, 16777216, 10000001])];
      const x = new Uniform({low, high}).sample(2000, {key: random.key(1)});
      const d = new Uniform({low, high});
      // the first word of this key is 0xfffffff8, so u is the greatest there is
      const [below, above] = await Promise.all(
        [
          [-1, -0.1, 1e-3],
          [16777218, 1e8, 1.001],
        ].map(v => tf.tensor1d(v).data()),
      );
      for (let i = 0; i < 3; i++) {
        const top = new Uniform({low: below![i]!, high: above![i]!});
        const [x] = await top.sample([], {key: random.key(103823871)}).data();
        expect(x).toBeLessThanOrEqual(above![i]!);
        expect(x).toBeGreaterThan(above![i]! * 0.999999);
      }
      expect((await d.logProb(x).data()).every(v => v > -Infinity)).toBe(true);
      expect(Array.from(await d.logProb([0.9, 0, 1.2e7]).data())).toEqual(
        [-Infinity, Math.fround(-Math.log(16777217)), -Infinity].map((v, i) =>
          i === 1 ? (jasmine.any(Number) as unknown as number) : v,
        ),
      );
    });
  },
  {inBrief: [gpuOf('Uniform of tensors')]},
);
