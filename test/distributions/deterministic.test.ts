import * as tf from '@tensorflow/tfjs-core';
import {Deterministic, klDivergence, Normal, type DeterministicConfig} from '../../src/distributions/index.js';
import {describeBackends, gpuOf} from '../helpers/backends.js';
import {describeDistribution, expectNear} from '../helpers/distributionSuite.js';

const at = (loc: number) => ({
  config: {loc},
  x: [loc, loc + 1, loc - 1],
  logProb: [0, -Infinity, -Infinity],
  cdf: [1, 1, 0],
  mean: loc,
  variance: 0,
  stddev: 0,
  mode: loc,
  entropy: 0,
});

describeDistribution('Deterministic', {
  create: config => new Deterministic(config as unknown as DeterministicConfig),
  reference: [at(0), at(-2.5), at(16777000)],
  gradients: {parameters: {loc: [0, 1, 2]}, x: [3, 4, 5]},
  samples: [{config: {loc: 2}, probs: [1]}],
  bad: [
    [{}, 'Deterministic: loc must be given'],
    [{loc: [0, NaN]}, 'Deterministic: loc must be finite, got NaN at [1]'],
    [{lco: 0}, 'Deterministic: unknown option "lco"; did you mean "loc"?'],
  ],
  outside: [0.5, -1e-6],
  missing: [],
  isDiscrete: true,
  isReparameterized: true,
});

describeBackends(
  'Deterministic',
  () => {
    it('passes derivatives on', async () => {
      const g = tf.grad(loc => tf.sum(tf.square(new Deterministic({loc}).sample(3))))(tf.tensor1d([1, 2]));
      expectNear(await g.data(), [6, 12], 'gradient');
    });

    it('diverges from any distribution by −ln p(loc)', async () => {
      const p = new Normal({loc: 0, scale: 1});
      expectNear(await klDivergence(new Deterministic({loc: [0, 2]}), p).data(), [0.9189385332, 2.9189385332], 'KL');
    });
  },
  {inBrief: [gpuOf('Deterministic')]},
);
