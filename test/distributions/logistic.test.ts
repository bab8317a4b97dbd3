import * as tf from '@tensorflow/tfjs-core';
import {Logistic, type LogisticConfig} from '../../src/distributions/index.js';
import {describeDistribution} from '../helpers/distributionSuite.js';
import {reference} from './reference/basic.js';
import {reference as extreme} from './reference/continuous.js';

const cdf = (loc: number, scale: number) => (x: number) => 1 / (1 + Math.exp(-(x - loc) / scale));

describeDistribution('Logistic', {
  create: config => new Logistic(config as unknown as LogisticConfig),
  reference: [...reference.Logistic, ...extreme.Logistic],
  gradients: {parameters: {loc: [0, 0.5, -1, 2], scale: [1, 2, 0.5, 0.7]}, x: [0.3, -2, 0, 4]},
  samples: [
    {config: {loc: 0, scale: 1}, cdf: cdf(0, 1)},
    {config: {loc: -3, scale: 0.25}, cdf: cdf(-3, 0.25)},
  ],
  bad: [
    [{loc: 0}, 'Logistic: scale must be given'],
    [{scale: 1}, 'Logistic: loc must be given'],
    [{loc: 0, scale: 0}, 'Logistic: scale must be > 0, got 0'],
    [{loc: 0, scale: [1, 2, 3, -1]}, 'Logistic: scale must be > 0, got -1 at [3]'],
    [
      {
        loc: 0,
        scale: [
          [1, 2],
          [3, NaN],
        ],
      },
      'Logistic: scale must be finite, got NaN at [1,1]',
    ],
    [{loc: Infinity, scale: 1}, 'Logistic: loc must be finite, got Infinity'],
    [{loc: NaN, scale: 1}, 'Logistic: loc must be finite, got NaN'],
    [{loc: 0, scale: 1e-60}, 'Logistic: scale must be > 0 in float32, got 1e-60'],
    [{loc: 'a', scale: 1}, 'Logistic: loc must be a number, an array or a tensor, got "a"'],
    [{loc: null, scale: 1}, 'Logistic: loc must be a number, an array or a tensor, got null'],
    [{loc: [1, 'b'], scale: 1}, 'Logistic: loc must hold numbers only, got "b"'],
    [{loc: [[1, 2], [3]], scale: 1}, 'Logistic: loc must be a regular array of shape [2,2], got [[1, 2], [3]]'],
    [{loc: [1, 2, 3], scale: [1, 2]}, 'Logistic: shapes must broadcast, got [3] and [2]'],
    [{loc: 0, scael: 1}, 'Logistic: unknown option "scael"; did you mean "scale"?'],
    [{loc: 0, scale: 1, validateArgs: 1}, 'Logistic: validateArgs must be true or false, got 1'],
    [3, 'Logistic: the config must be an object, got 3'],
  ],
  outside: [],
  missing: ['enumerateSupport'],
  isDiscrete: false,
  isReparameterized: true,
  handwritten: {
    config: {loc: 0.5, scale: 2},
    logProb: (x, {loc, scale}) => {
      const z = tf.div(tf.sub(x, loc!), scale!);
      return tf.neg(tf.add(tf.add(z, tf.mul(tf.softplus(tf.neg(z)), 2)), tf.log(scale!)));
    },
  },
});
