import * as tf from '@tensorflow/tfjs-core';
import {Exponential, type ExponentialConfig} from '../../src/distributions/index.js';
import {describeDistribution} from '../helpers/distributionSuite.js';
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
    logProb: (x, {rate}) =>
      tf.where(tf.greaterEqual(x, 0), tf.sub(tf.log(rate!), tf.mul(rate!, x)), -Infinity),
  },
});
