import * as tf from '@tensorflow/tfjs-core';
import {Laplace, type LaplaceConfig} from '../../src/distributions/index.js';
import {describeDistribution} from '../helpers/distributionSuite.js';
import {reference} from './reference/basic.js';
import {reference as extreme} from './reference/continuous.js';

const cdf = (loc: number, scale: number) => (x: number) => {
  const z = (x - loc) / scale;
  return z < 0 ? Math.exp(z) / 2 : 1 - Math.exp(-z) / 2;
};

describeDistribution('Laplace', {
  create: config => new Laplace(config as unknown as LaplaceConfig),
  reference: [...reference.Laplace, ...extreme.Laplace],
  gradients: {parameters: {loc: [0, 0.5, -1, 2], scale: [1, 2, 0.5, 0.7]}, x: [0.3, -2, 0, 4]},
  samples: [
    {config: {loc: 0, scale: 1}, cdf: cdf(0, 1)},
    {config: {loc: -3, scale: 0.25}, cdf: cdf(-3, 0.25)},
  ],
  bad: [
    [{loc: 0}, 'Laplace: scale must be given'],
    [{scale: 1}, 'Laplace: loc must be given'],
    [{loc: 0, scale: 0}, 'Laplace: scale must be > 0, got 0'],
    [{loc: 0, scale: [1, 2, 3, -1]}, 'Laplace: scale must be > 0, got -1 at [3]'],
    [
      {
        loc: 0,
        scale: [
          [1, 2],
          [3, NaN],
        ],
      },
      'Laplace: scale must be finite, got NaN at [1,1]',
    ],
    [{loc: Infinity, scale: 1}, 'Laplace: loc must be finite, got Infinity'],
    [{loc: NaN, scale: 1}, 'Laplace: loc must be finite, got NaN'],
    [{loc: 0, scale: 1e-60}, 'Laplace: scale must be > 0 in float32, got 1e-60'],
    [{loc: 'a', scale: 1}, 'Laplace: loc must be a number, an array or a tensor, got "a"'],
    [{loc: null, scale: 1}, 'Laplace: loc must be a number, an array or a tensor, got null'],
    [{loc: [1, 'b'], scale: 1}, 'Laplace: loc must hold numbers only, got "b"'],
    [{loc: [[1, 2], [3]], scale: 1}, 'Laplace: loc must be a regular array of shape [2,2], got [[1, 2], [3]]'],
    [{loc: [1, 2, 3], scale: [1, 2]}, 'Laplace: shapes must broadcast, got [3] and [2]'],
    [{loc: 0, scael: 1}, 'Laplace: unknown option "scael"; did you mean "scale"?'],
    [{loc: 0, scale: 1, validateArgs: 1}, 'Laplace: validateArgs must be true or false, got 1'],
    [3, 'Laplace: the config must be an object, got 3'],
  ],
  outside: [],
  missing: ['enumerateSupport'],
  isDiscrete: false,
  isReparameterized: true,
  handwritten: {
    config: {loc: 0.5, scale: 2},
    logProb: (x, {loc, scale}) => tf.neg(tf.add(tf.abs(tf.div(tf.sub(x, loc!), scale!)), tf.log(tf.mul(scale!, 2)))),
  },
});
