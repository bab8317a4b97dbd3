import * as tf from '@tensorflow/tfjs-core';
import {Binomial, type BinomialConfig} from '../../src/distributions/index.js';
import {lgamma} from '../../src/functions/gamma/index.js';
import {describeBackends, gpuOf} from '../helpers/backends.js';
import {describeDistribution} from '../helpers/distributionSuite.js';
import {binomialMass} from './masses.js';
import {reference} from './reference/discrete.js';

const common = {
  create: (config: object) => new Binomial(config as BinomialConfig),
  reference: reference.Binomial,
  outside: [0.5, -1, 11],
  missing: ['entropy' as const],
  isDiscrete: true,
  isReparameterized: false,
  constants: ['totalCount'],
};
const masses = (n: number, p: number) => Array.from({length: n + 1}, (_, k) => binomialMass(n, p)(k));

describeDistribution('Binomial', {
  ...common,
  gradients: {parameters: {totalCount: [3, 5, 8, 20], logits: [0, 0.5, -2, 3]}, x: [0, 1, 2, 3]},
  samples: [
    {config: {totalCount: 10, probs: 0.3}, probs: masses(10, 0.3)},
    {config: {totalCount: 60, logits: 0}, probs: masses(60, 0.5)},
    {config: {totalCount: 3, logits: 80}, probs: [0, 0, 0, 1]},
    {config: {totalCount: 3, probs: 0}, probs: [1, 0, 0, 0]},
    {config: {totalCount: 0, probs: 0.5}, probs: [1]},
  ],
  bad: [
    [{logits: 0}, 'Binomial: totalCount must be given'],
    [{totalCount: 3}, 'Binomial: give exactly one of logits and probs, got neither'],
    [{totalCount: [3, 1.5], logits: 0}, 'Binomial: totalCount must be a whole number in [0, 16777216], got 1.5 at [1]'],
    [{totalCount: -1, logits: 0}, 'Binomial: totalCount must be a whole number in [0, 16777216], got -1'],
    [{totalCount: 2 ** 25, logits: 0}, 'Binomial: totalCount must be a whole number in [0, 16777216], got 33554432'],
    [{totalCount: 1, probs: 1.5}, 'Binomial: probs must be in [0, 1], got 1.5'],
    [{totalCount: 1, logits: 0, dtype: 'bool'}, 'Binomial: dtype must be "float32" or "int32", got "bool"'],
    [{totalcount: 1}, 'Binomial: unknown option "totalcount"; did you mean "totalCount"?'],
  ],
  handwritten: {
    config: {totalCount: 10, logits: 0.5},
    logProb: (x, {totalCount: n, logits}) => {
      const choices = tf.sub(tf.sub(lgamma(tf.add(n!, 1)), lgamma(tf.add(x, 1))), lgamma(tf.add(tf.sub(n!, x), 1)));
      const inside = tf.add(choices, tf.sub(tf.mul(x, logits!), tf.mul(n!, tf.softplus(logits!))));
      const valid = tf.logicalAnd(tf.logicalAnd(tf.greaterEqual(x, 0), tf.lessEqual(x, n!)), tf.equal(x, tf.floor(x)));
      return tf.where(valid, inside, tf.fill(x.shape, -Infinity));
    },
  },
});

describeDistribution('Binomial', {
  ...common,
  reference: reference.Binomial.slice(0, 1),
  gradients: {parameters: {totalCount: [3, 5, 4, 3], probs: [0.5, 0.4, 0.6, 0.3]}, x: [1, 2, 2, 1]},
  samples: [],
  bad: [],
});

describeBackends(
  'Binomial',
  () => {
    it('gives the dtype that is asked for', () => {
      const d = new Binomial({totalCount: 3, probs: [0.2, 0.7], dtype: 'int32'});
      for (const t of [d.sample(3), d.mode(), d.enumerateSupport()]) expect(t.dtype).toBe('int32');
      expect(d.enumerateSupport().shape).toEqual([4, 2]);
    });
  },
  {inBrief: [gpuOf('Binomial')]},
);
