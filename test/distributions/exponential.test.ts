import * as tf from '@tensorflow/tfjs-core';
import {Exponential, klDivergence, type ExponentialConfig} from '../../src/distributions/index.js';
import {describeBackends, gpuOf} from '../helpers/backends.js';
import {describeDistribution} from '../helpers/distributionSuite.js';
import {expectNear, read, withoutLeak} from '../helpers/near.js';
import {reference} from './reference/basic.js';
import {reference as extreme} from './reference/continuous.js';

describeDistribution('Exponential', {
  create: config => new Exponential(config as unknown as ExponentialConfig),
  reference: [...reference.Exponential, ...extreme.Exponential],
  gradients: {parameters: {rate: [1, 2, 0.5, 0.7]}, x: [0.3, 2, 0.5, 4]},
  samples: [
    {config: {rate: 1}, cdf: x => 1 - Math.exp(-x)},
    {config: {rate: 25}, cdf: x => 1 - Math.exp(-25 * x)},
  ],
  bad: [
    [{}, 'Exponential: rate must be given'],
    [{rate: 0}, 'Exponential: rate must be > 0, got 0'],
    [{rate: [1, -2]}, 'Exponential: rate must be > 0, got -2 at [1]'],
    [{rate: NaN}, 'Exponential: rate must be finite, got NaN'],
    [{rate: '1'}, 'Exponential: rate must be a number, an array or a tensor, got "1"'],
    [{scale: 1}, 'Exponential: unknown option "scale"; known: rate, validateArgs'],
  ],
  outside: [-1e-3, -7, -Infinity],
  missing: ['enumerateSupport'],
  isDiscrete: false,
  isReparameterized: true,
  handwritten: {
    config: {rate: 2},
    logProb: (x, {rate}) => tf.where(tf.greaterEqual(x, 0), tf.sub(tf.log(rate!), tf.mul(rate!, x)), -Infinity),
  },
});

describeBackends(
  'Exponential',
  () => {
    it('has the divergence of rates that are nearly equal', async () => {
      const rates = [1.001, 0.999, 3.003, 1e-18 * 1.001].map(Math.fround);
      const others = [1, 1, 3, 1e-18].map(Math.fround);
      // e − ln(1 + e), with e the relative difference
      const exact = rates.map((rate, i) => {
        const e = (rate - others[i]!) / others[i]!;
        return e * e * (1 / 2 - e * (1 / 3 - e * (1 / 4 - e / 5)));
      });
      const kl = withoutLeak('klDivergence', () =>
        klDivergence(new Exponential({rate: others}), new Exponential({rate: rates})),
      );
      expectNear(await read(kl), exact, 'KL', false, 0);
    });
  },
  {inBrief: [gpuOf('Exponential')]},
);
