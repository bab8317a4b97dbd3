import * as tf from '@tensorflow/tfjs-core';
import {Dirichlet, klDivergence, type DirichletConfig} from '../../src/distributions/index.js';
import {lgamma} from '../../src/functions/gamma/index.js';
import {betainc} from '../../src/functions/incompleteBeta/scalar.js';
import * as random from '../../src/random/index.js';
import {describeBackends, gpuOf, sizeFor} from '../helpers/backends.js';
import {describeDistribution, expectDerivative} from '../helpers/distributionSuite.js';
import {expectNear, read} from '../helpers/near.js';
import {ksPValue} from '../helpers/statistics.js';
import {reference} from './reference/gammas.js';

const concentration = [2, 3, 5];

describeDistribution('Dirichlet', {
  create: config => new Dirichlet(config as unknown as DirichletConfig),
  reference: reference.Dirichlet,
  gradients: {
    parameters: {
      concentration: [
        [1.5, 2, 0.7],
        [1, 2, 3],
        [4, 0.8, 1],
      ],
    },
    x: [
      [0.25, 0.5, 0.25],
      [0.125, 0.375, 0.5],
      [0.75, 0.125, 0.125],
    ],
  },
  samples: [], // below, by components
  expectations: [
    {
      config: {concentration},
      f: x => tf.sum(tf.mul(x, [1, -2, 0.5]), -1),
      exact: ({concentration: a}) => tf.div(tf.sum(tf.mul(a!, [1, -2, 0.5])), tf.sum(a!)),
    },
    {
      config: {concentration},
      f: x => tf.sum(tf.mul(tf.square(x), [1, 2, -1]), -1),
      exact: ({concentration: a}) =>
        tf.div(tf.sum(tf.mul(tf.mul(a!, tf.add(a!, 1)), [1, 2, -1])), tf.mul(tf.sum(a!), tf.add(tf.sum(a!), 1))),
    },
  ],
  bad: [
    [{}, 'Dirichlet: concentration must be given'],
    [{concentration: 1}, 'Dirichlet: concentration must have at least 1 axis, got 1'],
    [{concentration: [1, 0]}, 'Dirichlet: concentration must be > 0 along the last axis, got [1, 0]'],
    [
      {
        concentration: [
          [1, 1],
          [2, -1],
        ],
      },
      'Dirichlet: concentration must be > 0 along the last axis, got [2, -1] at [1]',
    ],
    [{concentration: [1, 2], total: 3}, 'Dirichlet: unknown option "total"; known: concentration, validateArgs'],
  ],
  outside: [
    [-0.25, 0.75, 0.5],
    [0.5, 0.5, 0.5],
    [0, 0, 0],
  ],
  missing: ['cdf', 'logCdf', 'survival', 'quantile', 'enumerateSupport'],
  isDiscrete: false,
  isReparameterized: true,
  constants: ['x'], // a step leaves the simplex; below along it
  handwritten: {
    config: {concentration},
    logProb: (x, {concentration: a}) => {
      const powers = tf.sum(tf.mul(tf.sub(a!, 1), tf.log(x)), -1);
      const inside = tf.sub(powers, tf.sub(tf.sum(lgamma(a!), -1), lgamma(tf.sum(a!, -1))));
      const valid = tf.logicalAnd(tf.all(tf.greaterEqual(x, 0), -1), tf.less(tf.abs(tf.sub(tf.sum(x, -1), 1)), 1e-4));
      return tf.where(valid, inside, tf.fill(inside.shape, -Infinity));
    },
  },
});

describeBackends(
  'Dirichlet',
  () => {
    const key = random.key(2026);

    it('draws vectors whose components are beta variables with its moments', async () => {
      const n = sizeFor({cpu: 100_000, wasm: 100_000, webgl: 10_000, webgpu: 10_000});
      const d = new Dirichlet({concentration});
      const values = await read(d.sample(n, {key}));
      const [mean, variance, covariance] = [await read(d.mean()), await read(d.variance()), await read(d.covariance())];
      for (const [i, a] of concentration.entries()) {
        const column = Array.from({length: n}, (_, row) => values[3 * row + i]!);
        expect(ksPValue(column, x => betainc(a, 10 - a, x))).toBeGreaterThan(0.001);
        expectNear([covariance[4 * i]!], [variance[i]!], 'variance');
        for (const [j] of concentration.entries()) {
          const products = column.map((v, row) => (v - mean[i]!) * (values[3 * row + j]! - mean[j]!));
          const average = products.reduce((s, v) => s + v, 0) / n;
          const spread = Math.sqrt(products.reduce((s, v) => s + (v - average) ** 2, 0) / n);
          expect(Math.abs(average - covariance[3 * i + j]!)).toBeLessThan((4.5 * spread) / Math.sqrt(n));
        }
      }
    });

    it('draws vectors of sum 1 without zeros, with finite derivatives, for the smallest and largest concentrations', async () => {
      const a = tf.tensor2d([
        [1e-3, 1e-3, 2e-3],
        [1e6, 2e6, 1e6],
        [1e-3, 1, 1e6],
      ]);
      const f = (t: tf.Tensor) => new Dirichlet({concentration: t}).sample(100, {key});
      const values = await read(f(a));
      expect(values.every(v => v > 0 && v <= 1)).toBe(true);
      for (let i = 0; i < values.length; i += 3)
        expect(Math.abs(values[i]! + values[i + 1]! + values[i + 2]! - 1)).toBeLessThan(1e-6);
      const weighed = (t: tf.Tensor) => tf.sum(tf.mul(f(t), [1, -2, 3]));
      expect((await read(tf.grad(weighed)(a))).every(Number.isFinite)).toBe(true);
    });

    it('has the right derivatives of logProb along the simplex', async () => {
      const d = new Dirichlet({concentration: [1.5, 2, 0.7]});
      const along = (t: tf.Tensor) =>
        d.logProb(
          tf.add(
            [0.25, 0.5, 0.25],
            tf.mul(tf.reshape(t, [-1, 1]), [
              [1, 0, -1],
              [1, -2, 1],
              [0, 1, -1],
            ]),
          ),
        );
      await expectDerivative(along, tf.zeros([3]), 'logProb along the simplex');
    });

    it('has divergences with the right derivatives', async () => {
      const [a, b] = [
        tf.tensor2d([
          [1.5, 2, 0.7],
          [1, 2, 3],
        ]),
        tf.tensor2d([
          [0.5, 3, 1],
          [4, 0.6, 1],
        ]),
      ];
      const kl = (s: tf.Tensor, t: tf.Tensor) =>
        klDivergence(new Dirichlet({concentration: s}), new Dirichlet({concentration: t}));
      await expectDerivative(t => kl(t, b), a, 'KL by the first concentration');
      await expectDerivative(t => kl(a, t), b, 'KL by the second concentration');
    });

    it('has derivatives of draws of concentrations so small that those of logarithms of the gamma variables leave float32', async () => {
      for (const small of [1e-18, 1e-20, 1e-30]) {
        for (const other of [small, 0.7]) {
          const a = tf.tensor2d(Array.from({length: 8}, () => [small, other, 0.7]));
          const f = (t: tf.Tensor) =>
            tf.sum(tf.square(new Dirichlet({concentration: t}).sample([], {key: random.key(1)})));
          const gradient = await read(tf.tidy(() => tf.grad(f)(a)));
          expect(gradient.every(Number.isFinite))
            .withContext(`${small}, ${other}: ${gradient.join(', ')}`)
            .toBe(true);
          expect(gradient.filter((_, k) => k % 3 === 2).some(v => v !== 0))
            .withContext(`${small}, ${other}`)
            .toBe(other === 0.7);
          a.dispose();
        }
      }
    });
  },
  {inBrief: [gpuOf('Dirichlet')]},
);
