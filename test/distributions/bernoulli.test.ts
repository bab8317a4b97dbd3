import * as tf from '@tensorflow/tfjs-core';
import {Bernoulli} from '../../src/distributions/index.js';
import {describeBackends, gpuOf} from '../helpers/backends.js';
import {describeDistribution} from '../helpers/distributionSuite.js';
import {reference} from './reference/basic.js';

const common = {
  reference: reference.Bernoulli,
  outside: [0.5, 2, -1],
  missing: [],
  isDiscrete: true,
  isReparameterized: false,
};

describeDistribution('Bernoulli', {
  ...common,
  create: config => new Bernoulli(config),
  gradients: {parameters: {logits: [0, 0.5, -2, 3]}, x: [0, 1, 1, 0]},
  samples: [
    {config: {logits: 0}, probs: [0.5, 0.5]},
    {config: {logits: -3}, probs: [1 / (1 + Math.exp(-3)), 1 / (1 + Math.exp(3))]},
    {config: {logits: 80}, probs: [0, 1]},
    {config: {probs: 0.9}, probs: [0.1, 0.9]},
    {config: {probs: 0}, probs: [1, 0]},
    {config: {probs: 1}, probs: [0, 1]},
  ],
  bad: [
    [{}, 'Bernoulli: give exactly one of logits and probs, got neither'],
    [{logits: 1, probs: 0.5}, 'Bernoulli: give exactly one of logits and probs, got both'],
    [{probs: 1.5}, 'Bernoulli: probs must be in [0, 1], got 1.5'],
    [{probs: [0, NaN]}, 'Bernoulli: probs must be finite, got NaN at [1]'],
    [{logits: Infinity}, 'Bernoulli: logits must be finite, got Infinity'],
    [{logits: 0, dtype: 'string'}, 'Bernoulli: dtype must be "float32", "int32" or "bool", got "string"'],
    [{logit: 0}, 'Bernoulli: unknown option "logit"; did you mean "logits"?'],
    [undefined, 'Bernoulli: the config must be an object, got undefined'],
  ],
  handwritten: {
    config: {logits: 0.5},
    logProb: (x, {logits}) => {
      const inside = tf.sub(tf.mul(x, logits!), tf.softplus(logits!));
      return tf.where(tf.logicalOr(tf.equal(x, 0), tf.equal(x, 1)), inside, tf.fill(x.shape, -Infinity));
    },
  },
});

describeDistribution('Bernoulli', {
  ...common,
  create: config => new Bernoulli(config),
  gradients: {parameters: {probs: [0.5, 0.25, 0.9, 0.1]}, x: [0, 1, 1, 0]},
  samples: [],
  bad: [],
});

describeBackends(
  'Bernoulli',
  () => {
    it('gives the dtype that is asked for', async () => {
      for (const dtype of ['float32', 'int32', 'bool'] as const) {
        const d = new Bernoulli({probs: [0.2, 0.7], dtype});
        expect(d.dtype).toBe(dtype);
        for (const t of [d.sample(3), d.mode(), d.enumerateSupport()]) expect(t.dtype).toBe(dtype);
        expect(Array.from(await d.mode().data())).toEqual([0, 1]);
        expect(d.logProb(d.sample(3)).shape).toEqual([3, 2]);
      }
    });
  },
  {inBrief: [gpuOf('Bernoulli')]},
);
