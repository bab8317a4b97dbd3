import * as tf from '@tensorflow/tfjs-core';
import {VonMises, type VonMisesConfig} from '../../src/distributions/index.js';
import {i0e} from '../../src/functions/bessel/index.js';
import {vonMisesCdf} from '../../src/functions/vonMises/scalar.js';
import * as random from '../../src/random/index.js';
import {describeBackends, gpuOf} from '../helpers/backends.js';
import {describeDistribution} from '../helpers/distributionSuite.js';
import {expectNear, read} from '../helpers/near.js';
import {ksPValue} from '../helpers/statistics.js';
import {reference} from './reference/gammas.js';

const create = (config: object) => new VonMises(config as VonMisesConfig);

/** E cos(x) and E sin(x): the length of the mean times the cosine and the sine of loc. */
const length = (k: tf.Tensor) => tf.sub(1, new VonMises({loc: 0, concentration: k}).variance());

describeDistribution('VonMises', {
  create,
  reference: reference.VonMises,
  gradients: {parameters: {loc: [0, 0.5, -1, 2], concentration: [1, 2, 0.5, 7]}, x: [0.3, -2, 0, 3]},
  samples: [], // below: mean and variance are those of the circle
  expectations: [
    {
      config: {loc: 0.5, concentration: 2},
      f: x => tf.cos(x),
      exact: ({loc, concentration}) => tf.mul(length(concentration!), tf.cos(loc!)),
    },
    {
      config: {loc: 0.5, concentration: 2},
      f: x => tf.sin(x),
      exact: ({loc, concentration}) => tf.mul(length(concentration!), tf.sin(loc!)),
    },
    {
      config: {loc: 3, concentration: 30},
      f: x => tf.sin(x),
      exact: ({loc, concentration}) => tf.mul(length(concentration!), tf.sin(loc!)),
    },
  ],
  bad: [
    [{concentration: 1}, 'VonMises: loc must be given'],
    [{loc: 1}, 'VonMises: concentration must be given'],
    [{loc: 0, concentration: [1, -1]}, 'VonMises: concentration must be >= 0, got -1 at [1]'],
    [{loc: Infinity, concentration: 1}, 'VonMises: loc must be finite, got Infinity'],
    [{loc: 0, kappa: 1}, 'VonMises: unknown option "kappa"; known: loc, concentration, validateArgs'],
  ],
  outside: [],
  missing: ['enumerateSupport'],
  isDiscrete: false,
  isReparameterized: true,
  handwritten: {
    config: {loc: 0.5, concentration: 2},
    logProb: (x, {loc, concentration}) =>
      tf.sub(
        tf.mul(concentration!, tf.sub(tf.cos(tf.sub(x, loc!)), 1)),
        tf.log(tf.mul(i0e(concentration!), 2 * Math.PI)),
      ),
  },
});

describeBackends(
  'VonMises',
  () => {
    const key = random.key(2026);

    it('draws angles of [−π, π] of its own distribution', async () => {
      for (const [loc, concentration] of [
        [0, 1],
        [3, 4],
        [-2, 0],
        [1, 1e6],
      ] as const) {
        const values = await read(create({loc, concentration}).sample(100_000, {key}));
        expect(values.every(v => Math.abs(v) <= Math.PI + 1e-6)).toBe(true);
        // from loc on, where the cdf begins
        const turned = values.map(v => v - loc - 2 * Math.PI * Math.round((v - loc) / (2 * Math.PI)));
        if (concentration < 1e6) expect(ksPValue(turned, z => vonMisesCdf(z, concentration))).toBeGreaterThan(0.001);
        const mean = turned.map(z => 1 - Math.cos(z)).reduce((a, b) => a + b) / turned.length;
        const exact = (await read(create({loc, concentration}).variance()))[0]!;
        const spread = Math.sqrt(
          turned.map(z => (1 - Math.cos(z) - mean) ** 2).reduce((a, b) => a + b) / turned.length,
        );
        expect(Math.abs(mean - exact)).toBeLessThan((4.5 * spread) / Math.sqrt(turned.length) + 1e-3 * exact);
      }
    });

    it('has the implicit derivatives of its samples, −(∂F/∂θ) / p', async () => {
      for (const [loc, concentration] of [
        [0.5, 0.7],
        [-3, 40],
      ] as const) {
        const values = [tf.fill([64], loc), tf.fill([64], concentration)];
        const build = (l: tf.Tensor, k: tf.Tensor) => create({loc: l, concentration: k});
        const x = build(values[0]!, values[1]!).sample([], {key});
        const pathwise = tf.grads((l: tf.Tensor, k: tf.Tensor) => build(l, k).sample([], {key}))(values);
        const density = build(values[0]!, values[1]!).prob(x);
        const slope = tf.grads((l: tf.Tensor, k: tf.Tensor) => build(l, k).cdf(x))(values);
        for (const i of [0, 1]) {
          const [actual, exact] = [await read(pathwise[i]!), await read(tf.neg(tf.div(slope[i]!, density)))];
          for (const [j, v] of exact.entries()) {
            if (!(Math.abs(actual[j]! - v) <= 1e-3 * (1e-3 + Math.abs(v))))
              fail(`derivative ${i} of sample ${j}: ${actual[j]} is not near ${v}`);
          }
        }
      }
    });

    it('is periodic', async () => {
      const d = create({loc: 1, concentration: 2});
      const x = tf.tensor1d([-2, 0.5, 1, 4]);
      expectNear(await read(d.logProb(tf.add(x, 4 * Math.PI))), await read(d.logProb(x)), 'logProb', false, 1e-5);
      const cdf = await read(d.cdf(x));
      expectNear(
        await read(d.cdf(tf.add(x, 4 * Math.PI))),
        cdf.map(v => v + 2),
        'cdf',
        false,
        1e-5,
      );
      expectNear(
        await read(d.survival(tf.sub(x, 2 * Math.PI))),
        cdf.map(v => 2 - v),
        'survival',
        false,
        1e-5,
      );
      const uniform = create({loc: 1, concentration: 0});
      expectNear(await read(uniform.cdf([1 - Math.PI / 2, 1, 1 + Math.PI / 2])), [0.25, 0.5, 0.75], 'cdf');
      expectNear(await read(uniform.quantile([0.25, 0.5, 0.75])), [1 - Math.PI / 2, 1, 1 + Math.PI / 2], 'quantile');
    });
  },
  {inBrief: [gpuOf('VonMises')]},
);
