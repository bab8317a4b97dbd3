import * as tf from '@tensorflow/tfjs-core';
import {Gamma, type GammaConfig} from '../../src/distributions/index.js';
import {lgamma} from '../../src/functions/gamma/index.js';
import {igamma} from '../../src/functions/incompleteGamma/scalar.js';
import * as random from '../../src/random/index.js';
import {describeBackends, gpuOf} from '../helpers/backends.js';
import {describeDistribution} from '../helpers/distributionSuite.js';
import {expectNear, read} from '../helpers/near.js';
import {reference} from './reference/gammas.js';

describeDistribution('Gamma', {
  create: config => new Gamma(config as unknown as GammaConfig),
  reference: reference.Gamma,
  gradients: {parameters: {concentration: [1.5, 2, 0.7, 8], rate: [1, 2, 0.5, 0.7]}, x: [0.6, 2, 0.9, 9]},
  samples: [
    {config: {concentration: 2.5, rate: 1.5}, cdf: x => igamma(2.5, 1.5 * x)},
    {config: {concentration: 0.3, rate: 4}, cdf: x => igamma(0.3, 4 * x)},
    {config: {concentration: 40, logRate: -1.5}, cdf: x => igamma(40, Math.exp(-1.5) * x)},
  ],
  bad: [
    [{rate: 1}, 'Gamma: concentration must be given'],
    [{concentration: 1}, 'Gamma: give exactly one of rate and logRate, got neither'],
    [{concentration: 1, rate: 1, logRate: 0}, 'Gamma: give exactly one of rate and logRate, got both'],
    [{concentration: [1, 0], rate: 1}, 'Gamma: concentration must be > 0, got 0 at [1]'],
    [{concentration: 1, rate: -2}, 'Gamma: rate must be > 0, got -2'],
    [{concentration: 1, logRate: Infinity}, 'Gamma: logRate must be finite, got Infinity'],
    [{concentration: NaN, rate: 1}, 'Gamma: concentration must be finite, got NaN'],
    [{concentration: 1, scale: 1}, 'Gamma: unknown option "scale"; known: concentration, rate, logRate, validateArgs'],
    [{concentration: [1, 2], rate: [1, 2, 3]}, 'Gamma: shapes must broadcast, got [2] and [3]'],
  ],
  outside: [-1e-3, -7, -Infinity],
  missing: ['enumerateSupport'],
  isDiscrete: false,
  isReparameterized: true,
  handwritten: {
    config: {concentration: 2.5, rate: 1.5},
    logProb: (x, {concentration, rate}) => {
      const inside = tf.sub(
        tf.sub(tf.mul(tf.sub(concentration!, 1), tf.log(x)), tf.mul(rate!, x)),
        tf.sub(lgamma(concentration!), tf.mul(concentration!, tf.log(rate!))),
      );
      return tf.where(tf.less(x, 0), tf.fill(x.shape, -Infinity), inside);
    },
  },
});

describeBackends(
  'Gamma',
  () => {
    it('draws positive finite numbers with finite derivatives for the smallest and largest parameters', async () => {
      const concentration = tf.tensor1d([1e-3, 1e-3, 1e6, 1e6]);
      const rate = tf.tensor1d([1e-18, 1e18, 1e-15, 1e18]);
      const f = (a: tf.Tensor, b: tf.Tensor) =>
        new Gamma({concentration: a, rate: b}).sample(500, {key: random.key(3)});
      const values = await read(f(concentration, rate));
      expect(values.every(v => v > 0 && v < Infinity)).toBe(true);
      // E ln x = ψ(a) − ln rate; of the first, half are above e^{ψ(a) + …}
      const logs = values.filter((_, i) => i % 4 === 2).map(Math.log);
      expect(Math.abs(logs.reduce((s, v) => s + v, 0) / 500 - Math.log(1e21))).toBeLessThan(4.5e-3 / Math.sqrt(500));
      const logSum = (a: tf.Tensor, b: tf.Tensor) => tf.sum(tf.log(f(a, b)));
      const [byConcentration, byRate] = tf.grads(logSum)([concentration, rate]);
      for (const g of [byConcentration!, byRate!]) expect((await read(g)).every(Number.isFinite)).toBe(true);
    });

    it('has the second derivatives of its samples: E x² = a(a + 1)/rate²', async () => {
      const n = 20_000;
      const second = (name: 'concentration' | 'rate') => {
        const moment = (t: tf.Tensor) =>
          tf.square(new Gamma({concentration: 2, rate: 0.5, [name]: t}).sample([], {key: random.key(8)}));
        const slope = (t: tf.Tensor) => tf.grad(u => tf.sum(moment(u)))(t);
        return tf.tidy(() => tf.mean(tf.grad(u => tf.sum(slope(u)))(tf.fill([n], name === 'rate' ? 0.5 : 2))));
      };
      const [a, b] = [await read(second('concentration')), await read(second('rate'))];
      expect(Math.abs(a[0]! - 8)).toBeLessThan(0.5); // 2/rate²
      expect(Math.abs(b[0]! - 576)).toBeLessThan(40); // 6a(a + 1)/rate⁴
    });

    it('has the limits of its density at 0', async () => {
      const d = new Gamma({concentration: [0.5, 1, 1.5], rate: 2});
      expectNear(await read(d.logProb(0)), [Infinity, Math.log(2), -Infinity], 'logProb');
      expect(await read(d.cdf([0, 0, -1]))).toEqual([0, 0, 0]);
      expect(await read(d.survival([0, -1, -Infinity]))).toEqual([1, 1, 1]);
    });
  },
  {inBrief: [gpuOf('Gamma')]},
);
