import * as tf from '@tensorflow/tfjs-core';
import {StudentT, type StudentTConfig} from '../../src/distributions/index.js';
import {lbeta} from '../../src/functions/gamma/index.js';
import {betainc} from '../../src/functions/incompleteBeta/scalar.js';
import {describeBackends, gpuOf} from '../helpers/backends.js';
import {describeDistribution} from '../helpers/distributionSuite.js';
import {expectNear, read} from '../helpers/near.js';
import {reference} from './reference/gammas.js';

/** The cdf by the incomplete beta function of df/(df + z²). */
const cdf = (df: number, loc: number, scale: number) => (x: number) => {
  const z = (x - loc) / scale;
  const tail = betainc(df / 2, 0.5, df / (df + z * z)) / 2;
  return z < 0 ? tail : 1 - tail;
};

const light = {df: 12, loc: -1, scale: 0.5};

/** E 1.5/(1.5 + x²) to first order about df = 1.5, loc = 0, scale = 1, where 1.5/(1.5 + x²) is a beta variable. */
function expectedShare({df, loc, scale}: Record<string, tf.Tensor>): tf.Tensor {
  const moved = tf.sub(tf.mul(tf.sub(df!, 1.5), 16 / 225), tf.mul(tf.sub(scale!, 1), 4 / 15));
  return tf.add(tf.add(0.6, moved), tf.mul(loc!, 0));
}

describeDistribution('StudentT', {
  create: config => new StudentT(config as unknown as StudentTConfig),
  reference: reference.StudentT,
  gradients: {parameters: {df: [3, 1, 0.7, 20], loc: [0, 0.5, -1, 2], scale: [1, 2, 0.5, 0.7]}, x: [0.3, -2, 0, 3]},
  samples: [
    {config: {df: 12, loc: -1, scale: 0.5}, cdf: cdf(12, -1, 0.5)},
    {config: {df: 0.6, loc: 0, scale: 1}, cdf: cdf(0.6, 0, 1)},
  ],
  expectations: [
    {config: light, f: x => x, exact: ({loc}) => loc!},
    {
      config: light,
      f: x => tf.square(x),
      exact: ({df, loc, scale}) => tf.add(tf.square(loc!), tf.mul(tf.square(scale!), tf.div(df!, tf.sub(df!, 2)))),
    },
    {config: {df: 1.5, loc: 0, scale: 1}, f: x => tf.div(1.5, tf.add(1.5, tf.square(x))), exact: expectedShare},
  ],
  bad: [
    [{loc: 0, scale: 1}, 'StudentT: df must be given'],
    [{df: 1, scale: 1}, 'StudentT: loc must be given'],
    [{df: 0, loc: 0, scale: 1}, 'StudentT: df must be > 0, got 0'],
    [{df: 1, loc: 0, scale: [1, -1]}, 'StudentT: scale must be > 0, got -1 at [1]'],
    [{df: 1, loc: NaN, scale: 1}, 'StudentT: loc must be finite, got NaN'],
    [{df: 1, mean: 0, scale: 1}, 'StudentT: unknown option "mean"; known: df, loc, scale, validateArgs'],
  ],
  outside: [],
  missing: ['enumerateSupport'],
  isDiscrete: false,
  isReparameterized: true,
  handwritten: {
    config: {df: 3, loc: 0.5, scale: 2},
    logProb: (x, {df, loc, scale}) => {
      const z = tf.div(tf.sub(x, loc!), scale!);
      const power = tf.mul(tf.mul(tf.add(df!, 1), -0.5), tf.log1p(tf.div(tf.square(z), df!)));
      return tf.sub(power, tf.add(lbeta(tf.mul(df!, 0.5), 0.5), tf.log(tf.mul(scale!, tf.sqrt(df!)))));
    },
  },
});

describeBackends(
  'StudentT',
  () => {
    it('has NaN where a moment does not exist, and an infinite variance for df of (1, 2]', async () => {
      const d = new StudentT({df: [0.5, 1, 1.5, 2, 3], loc: 4, scale: 2});
      expectNear(await read(d.mean()), [NaN, NaN, 4, 4, 4], 'mean');
      expectNear(await read(d.variance()), [NaN, NaN, Infinity, Infinity, 12], 'variance');
      expectNear(await read(d.stddev()), [NaN, NaN, Infinity, Infinity, Math.sqrt(12)], 'stddev');
    });
  },
  {inBrief: [gpuOf('StudentT')]},
);
