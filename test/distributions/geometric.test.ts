import * as tf from '@tensorflow/tfjs-core';
import {Geometric} from '../../src/distributions/index.js';
import {describeDistribution} from '../helpers/distributionSuite.js';
import {upTo} from './masses.js';
import {reference} from './reference/discrete.js';

const common = {
  create: (config: object) => new Geometric(config),
  reference: reference.Geometric,
  outside: [0.5, -1, Infinity],
  missing: ['enumerateSupport' as const],
  isDiscrete: true,
  isReparameterized: false,
};
const mass = (p: number) => (k: number) => (1 - p) ** k * p;

describeDistribution('Geometric', {
  ...common,
  gradients: {parameters: {logits: [0, 0.5, -2, 3]}, x: [0, 1, 4, 2]},
  samples: [
    {config: {logits: 0}, probs: upTo(12, mass(0.5))},
    {config: {probs: 0.1}, probs: upTo(60, mass(0.1))},
    {config: {logits: 80}, probs: [1, 0]},
    {config: {probs: 1}, probs: [1, 0]},
  ],
  bad: [
    [{}, 'Geometric: give exactly one of logits and probs, got neither'],
    [{logits: 1, probs: 0.5}, 'Geometric: give exactly one of logits and probs, got both'],
    [{probs: 0}, 'Geometric: probs must be in (0, 1], got 0'],
    [{probs: [0.5, 1.5]}, 'Geometric: probs must be in (0, 1], got 1.5 at [1]'],
    [{logits: NaN}, 'Geometric: logits must be finite, got NaN'],
    [{logits: 0, dtype: 'bool'}, 'Geometric: dtype must be "float32" or "int32", got "bool"'],
    [{prob: 0.5}, 'Geometric: unknown option "prob"; did you mean "probs"?'],
  ],
  handwritten: {
    config: {logits: 0.5},
    logProb: (x, {logits}) => {
      const inside = tf.sub(tf.mul(x, tf.neg(tf.softplus(logits!))), tf.softplus(tf.neg(logits!)));
      return tf.where(
        tf.logicalAnd(tf.greaterEqual(x, 0), tf.equal(x, tf.floor(x))),
        inside,
        tf.fill(x.shape, -Infinity),
      );
    },
  },
});

describeDistribution('Geometric', {
  ...common,
  reference: reference.Geometric.slice(4, 5),
  gradients: {parameters: {probs: [0.5, 0.25, 0.6, 0.3]}, x: [0, 1, 2, 1]},
  samples: [],
  bad: [],
});
