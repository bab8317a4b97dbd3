import * as tf from '@tensorflow/tfjs-core';
import {TruncatedNormal, type TruncatedNormalConfig} from '../../src/distributions/index.js';
import * as random from '../../src/random/index.js';
import {describeBackends, gpuOf} from '../helpers/backends.js';
import {describeDistribution} from '../helpers/distributionSuite.js';
import {normalCdf} from '../helpers/statistics.js';
import {reference} from './reference/continuous.js';

const cdf = (loc: number, scale: number, low: number, high: number) => (x: number) => {
  const [a, z, b] = [low, x, high].map(v => normalCdf((v - loc) / scale)) as [number, number, number]; // three
  return Math.min(1, Math.max(0, (z - a) / (b - a)));
};

describeDistribution('TruncatedNormal', {
  create: config => new TruncatedNormal(config as unknown as TruncatedNormalConfig),
  reference: reference.TruncatedNormal,
  gradients: {
    parameters: {loc: [0, 2, -1, 0.4], scale: [1, 2, 1.5, 0.9], low: [-1, -0.5, -0.7, -2], high: [2, 1, 1, 1.5]},
    x: [0.3, 0.5, -0.5, 1],
  },
  samples: [
    {config: {loc: 0, scale: 1, low: -1, high: 2}, cdf: cdf(0, 1, -1, 2)},
    {config: {loc: -2, scale: 0.5, low: -1.5, high: -0.5}, cdf: cdf(-2, 0.5, -1.5, -0.5)},
  ],
  bad: [
    [{loc: 0, scale: 1, low: 0}, 'TruncatedNormal: high must be given'],
    [{loc: 0, scale: 0, low: 0, high: 1}, 'TruncatedNormal: scale must be > 0, got 0'],
    [{loc: 0, scale: 1, low: NaN, high: 1}, 'TruncatedNormal: low must be a number below Infinity, got NaN'],
    [{loc: 0, scale: 1, low: [0, 2], high: 1}, 'TruncatedNormal: high must be > low, got low 2 and high 1 at [1]'],
    [
      {loc: 0, scale: 1, low: 0, high: 1, rate: 1},
      'TruncatedNormal: unknown option "rate"; known: loc, scale, low, high, validateArgs',
    ],
  ],
  outside: [-1.001, 2.001, -Infinity, Infinity],
  missing: ['enumerateSupport'],
  isDiscrete: false,
  isReparameterized: true,
  handwritten: {
    config: {loc: 0.5, scale: 2, low: -1, high: 3},
    logProb: (x, {loc, scale, low, high}) => {
      const standard = (t: tf.Tensor) => tf.div(tf.sub(t, loc!), scale!);
      const cdf = (z: tf.Tensor) => tf.mul(tf.add(tf.erf(tf.mul(z, Math.SQRT1_2)), 1), 0.5);
      const mass = tf.log(tf.sub(cdf(standard(high!)), cdf(standard(low!))));
      const inside = tf.sub(tf.mul(tf.square(standard(x)), -0.5), tf.add(tf.add(mass, tf.log(scale!)), 0.9189385));
      return tf.where(tf.logicalAnd(tf.greaterEqual(x, low!), tf.lessEqual(x, high!)), inside, -Infinity);
    },
  },
});

describeBackends(
  'TruncatedNormal, open and far out',
  () => {
    it('may be open on either side, with finite derivatives', async () => {
      const [loc, scale] = [tf.scalar(0.5), tf.scalar(2)];
      for (const [low, high] of [
        [-Infinity, Infinity],
        [0, Infinity],
        [-Infinity, 0],
      ] as const) {
        const make = (l: tf.Tensor, s: tf.Tensor) => new TruncatedNormal({loc: l, scale: s, low, high});
        const x = low === 0 ? 1 : -1;
        const mass = low === 0 ? normalCdf(0.25) : high === 0 ? normalCdf(-0.25) : 1;
        const exact = -0.5 * ((x - 0.5) / 2) ** 2 - Math.log(2 * Math.sqrt(2 * Math.PI) * mass);
        const [logProb] = await make(loc, scale).logProb(x).data();
        expect(Math.abs(logProb! - exact)).toBeLessThan(2e-5);
        for (const f of [
          (l: tf.Tensor, s: tf.Tensor) => make(l, s).logProb(x),
          (l: tf.Tensor, s: tf.Tensor) => make(l, s).variance(),
          (l: tf.Tensor, s: tf.Tensor) => tf.sum(make(l, s).sample(20, {key: random.key(1)})),
        ]) {
          const [byLoc, byScale] = tf.grads((l, s) => tf.sum(f(l, s)))([loc, scale]);
          expect(Number.isFinite((await byLoc!.data())[0]!)).toBe(true);
          expect(Number.isFinite((await byScale!.data())[0]!)).toBe(true);
        }
      }
    });

    it('draws a thousand scales out in the tail what is there: an exponential distribution', async () => {
      const n = 20_000;
      const d = new TruncatedNormal({loc: -1000, scale: 1, low: 0, high: 1});
      const x = Array.from(await d.sample(n, {key: random.key(3)}).data());
      const mean = x.reduce((a, b) => a + b, 0) / n;
      expect(Math.abs(mean * 1000 - 1)).toBeLessThan(4.5 / Math.sqrt(n));
      expect(x.every(v => v > 0 && v < 0.02)).toBe(true);
    });
  },
  {inBrief: [gpuOf('TruncatedNormal, open and far out')]},
);
