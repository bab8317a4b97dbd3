import * as tf from '@tensorflow/tfjs-core';
import {Poisson, type OptionalMethod} from '../../src/distributions/index.js';
import {describeDistribution} from '../helpers/distributionSuite.js';
import {poissonMass, upTo} from './masses.js';
import {reference} from './reference/discrete.js';

const common = {
  create: (config: object) => new Poisson(config),
  reference: reference.Poisson,
  outside: [0.5, -1, Infinity],
  missing: ['entropy', 'enumerateSupport'] as OptionalMethod[],
  isDiscrete: true,
  isReparameterized: false,
};

describeDistribution('Poisson', {
  ...common,
  gradients: {parameters: {rate: [0.5, 1, 3, 20]}, x: [0, 1, 4, 18]},
  samples: [
    {config: {rate: 0.1}, probs: upTo(5, poissonMass(0.1))},
    {config: {rate: 3}, probs: upTo(12, poissonMass(3))},
    {config: {rate: 40}, probs: upTo(66, poissonMass(40))},
    {config: {logRate: 1}, probs: upTo(11, poissonMass(Math.E))},
  ],
  bad: [
    [{}, 'Poisson: give exactly one of rate and logRate, got neither'],
    [{rate: 1, logRate: 0}, 'Poisson: give exactly one of rate and logRate, got both'],
    [{rate: [1, -1]}, 'Poisson: rate must be > 0, got -1 at [1]'],
    [{logRate: Infinity}, 'Poisson: logRate must be finite, got Infinity'],
    [{rate: 1, dtype: 'bool'}, 'Poisson: dtype must be "float32" or "int32", got "bool"'],
    [{lograte: 1}, 'Poisson: unknown option "lograte"; did you mean "logRate"?'],
  ],
  handwritten: {
    config: {rate: 3},
    logProb: (x, {rate}) => {
      const inside = tf.sub(tf.sub(tf.mul(x, tf.log(rate!)), rate!), x);
      return tf.where(
        tf.logicalAnd(tf.greaterEqual(x, 0), tf.equal(x, tf.floor(x))),
        inside,
        tf.fill(x.shape, -Infinity),
      );
    },
  },
});

describeDistribution('Poisson', {
  ...common,
  reference: reference.Poisson.slice(-1),
  gradients: {parameters: {logRate: [-1, 0, 1, 2]}, x: [0, 1, 4, 9]},
  samples: [],
  bad: [],
});
