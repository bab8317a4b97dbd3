import * as tf from '@tensorflow/tfjs-core';
import {NegativeBinomial, type NegativeBinomialConfig, type OptionalMethod} from '../../src/distributions/index.js';
import {lgamma} from '../../src/functions/gamma/index.js';
import {describeDistribution} from '../helpers/distributionSuite.js';
import {negativeBinomialMass, upTo} from './masses.js';
import {reference} from './reference/discrete.js';

const common = {
  create: (config: object) => new NegativeBinomial(config as NegativeBinomialConfig),
  reference: reference.NegativeBinomial,
  outside: [0.5, -1, Infinity],
  missing: ['entropy', 'enumerateSupport'] as OptionalMethod[],
  isDiscrete: true,
  isReparameterized: false,
};

describeDistribution('NegativeBinomial', {
  ...common,
  gradients: {parameters: {totalCount: [3, 0.5, 8, 20], logits: [0, 0.5, -2, 1]}, x: [0, 1, 2, 30]},
  samples: [
    {config: {totalCount: 3, logits: 0.5}, probs: upTo(25, negativeBinomialMass(3, 1 / (1 + Math.exp(-0.5))))},
    {config: {totalCount: 10, probs: 0.75}, probs: upTo(70, negativeBinomialMass(10, 0.75))},
    {config: {totalCount: 5, logits: -80}, probs: [1, 0]},
  ],
  bad: [
    [{logits: 0}, 'NegativeBinomial: totalCount must be given'],
    [{totalCount: 3}, 'NegativeBinomial: give exactly one of logits and probs, got neither'],
    [{totalCount: [3, 0], logits: 0}, 'NegativeBinomial: totalCount must be > 0, got 0 at [1]'],
    [{totalCount: 1, probs: 1}, 'NegativeBinomial: probs must be in [0, 1), got 1'],
    [{totalCount: 1, logits: 0, dtype: 'bool'}, 'NegativeBinomial: dtype must be "float32" or "int32", got "bool"'],
    [{totalcount: 1}, 'NegativeBinomial: unknown option "totalcount"; did you mean "totalCount"?'],
  ],
  handwritten: {
    config: {totalCount: 3, logits: 0.5},
    logProb: (x, {totalCount: r, logits}) => {
      const choices = tf.sub(tf.sub(lgamma(tf.add(r!, x)), lgamma(tf.add(x, 1))), lgamma(r!));
      const inside = tf.sub(choices, tf.add(tf.mul(x, tf.softplus(tf.neg(logits!))), tf.mul(r!, tf.softplus(logits!))));
      return tf.where(
        tf.logicalAnd(tf.greaterEqual(x, 0), tf.equal(x, tf.floor(x))),
        inside,
        tf.fill(x.shape, -Infinity),
      );
    },
  },
});

describeDistribution('NegativeBinomial', {
  ...common,
  reference: reference.NegativeBinomial.slice(-1),
  gradients: {parameters: {totalCount: [3, 0.5, 2, 2], probs: [0.5, 0.4, 0.6, 0.4]}, x: [1, 1, 2, 1]},
  samples: [],
  bad: [],
});
