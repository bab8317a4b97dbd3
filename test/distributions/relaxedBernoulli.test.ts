import * as tf from '@tensorflow/tfjs-core';
import {RelaxedBernoulli, type OptionalMethod, type RelaxedBernoulliConfig} from '../../src/distributions/index.js';
import * as random from '../../src/random/index.js';
import {describeBackends, gpuOf} from '../helpers/backends.js';
import {describeDistribution} from '../helpers/distributionSuite.js';
import {reference} from './reference/discrete.js';

const common = {
  create: (config: object) => new RelaxedBernoulli(config as RelaxedBernoulliConfig),
  reference: reference.RelaxedBernoulli,
  outside: [0, 1, -0.5, 1.5],
  missing: ['mean', 'variance', 'stddev', 'mode', 'entropy', 'enumerateSupport'] as OptionalMethod[],
  isDiscrete: false,
  isReparameterized: true,
};
const logit = (x: tf.Tensor) => tf.sub(tf.log(x), tf.log(tf.sub(1, x)));
const cdf = (t: number, l: number) => (x: number) => 1 / (1 + Math.exp(l - t * Math.log(x / (1 - x))));
const config = {temperature: 1, logits: 0.5};

describeDistribution('RelaxedBernoulli', {
  ...common,
  gradients: {parameters: {temperature: [0.5, 1, 2], logits: [0, 0.5, -2]}, x: [0.3, 0.6, 0.5]},
  samples: [
    {config: {temperature: 0.7, logits: 0.5}, cdf: cdf(0.7, 0.5)},
    {config: {temperature: 2, logits: -3}, cdf: cdf(2, -3)},
  ],
  // the logit of x is logistic with mean logits/λ and scale 1/λ
  expectations: [
    {config, f: logit, exact: ({temperature, logits}) => tf.div(logits!, temperature!)},
    {
      config,
      f: x => tf.square(logit(x)),
      exact: ({temperature, logits}) => tf.div(tf.add(tf.square(logits!), Math.PI ** 2 / 3), tf.square(temperature!)),
    },
  ],
  bad: [
    [{logits: 0}, 'RelaxedBernoulli: temperature must be given'],
    [{temperature: 1}, 'RelaxedBernoulli: give exactly one of logits and probs, got neither'],
    [{temperature: [1, 0], logits: 0}, 'RelaxedBernoulli: temperature must be > 0, got 0 at [1]'],
    [{temperature: 1, probs: 1.5}, 'RelaxedBernoulli: probs must be in [0, 1], got 1.5'],
    [{temprature: 1}, 'RelaxedBernoulli: unknown option "temprature"; did you mean "temperature"?'],
  ],
  handwritten: {
    config,
    logProb: (x, {temperature, logits}) => {
      const [logX, log1mX] = [tf.log(x), tf.log1p(tf.neg(x))];
      const z = tf.sub(tf.mul(temperature!, tf.sub(logX, log1mX)), logits!);
      const inside = tf.sub(
        tf.sub(tf.log(temperature!), tf.add(logX, log1mX)),
        tf.add(tf.softplus(z), tf.softplus(tf.neg(z))),
      );
      return tf.where(tf.logicalAnd(tf.greater(x, 0), tf.less(x, 1)), inside, tf.fill(x.shape, -Infinity));
    },
  },
});

describeDistribution('RelaxedBernoulli', {
  ...common,
  reference: reference.RelaxedBernoulli.slice(3, 4),
  gradients: {parameters: {temperature: [0.5, 1, 2], probs: [0.5, 0.4, 0.6]}, x: [0.3, 0.6, 0.5]},
  samples: [],
  expectations: [1, 2].map(power => ({
    config: {temperature: 1, probs: 0.4},
    f: (x: tf.Tensor) => tf.pow(logit(x), power),
    exact: ({temperature, probs}: Record<string, tf.Tensor>) => {
      const mean = tf.div(logit(probs!), temperature!);
      return power === 1 ? mean : tf.add(tf.square(mean), tf.div(Math.PI ** 2 / 3, tf.square(temperature!)));
    },
  })),
  bad: [],
});

describeBackends(
  'RelaxedBernoulli',
  () => {
    it('draws neither 0 nor 1, for logits to ±80 and temperatures of 0.01 to 10, with finite derivatives', async () => {
      const key = random.key(8);
      const parameters = [tf.tensor2d([[0.01], [0.1], [1], [10]]), tf.tensor1d([-80, -3, 0, 3, 80])] as const;
      const draw = (t: tf.Tensor, l: tf.Tensor) => new RelaxedBernoulli({temperature: t, logits: l}).sample(20, {key});
      const values = await draw(...parameters).data();
      expect(values.every(v => v > 0 && v < 1)).toBe(true);
      const logProb = await new RelaxedBernoulli({temperature: parameters[0], logits: parameters[1]})
        .logProb(draw(...parameters))
        .data();
      expect(logProb.every(Number.isFinite)).toBe(true);
      for (const g of tf.grads((t: tf.Tensor, l: tf.Tensor) => tf.sum(draw(t, l)))([...parameters])) {
        expect((await g.data()).every(Number.isFinite)).toBe(true);
      }
    });
  },
  {inBrief: [gpuOf('RelaxedBernoulli')]},
);
