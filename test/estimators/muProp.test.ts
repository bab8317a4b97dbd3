/** MuProp: a first-order expansion of the cost about the mean as control variate. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends, inBrowser, sizeFor} from '../helpers/backends.js';
import {MANY} from '../helpers/estimates.js';
import {
  bernoulli,
  binary,
  classes,
  column,
  counts,
  real,
  square,
  varianceOf,
  zOf,
  type AnyEstimator,
  type Problem,
} from './problems.js';

const n = (): number => sizeFor({cpu: 8000, wasm: MANY, webgl: 4000, webgpu: 4000});
const chain = binary.find(p => p.title.startsWith('a chain'))!;
const onPages = [chain.title, 'an event of three', 'an event of two OneHotCategoricals', 'one Poisson', 'one Normal'];

/** Third powers, so that a line about the mean is not all there is. */
const cubed = (x: tf.Tensor): tf.Tensor => tf.mul(tf.square(x), tf.sub(x, 1.2));
const more: Problem[] = [
  {
    title: 'a Normal with its scale, and a cubic cost',
    parameters: {theta: [0.6, 0.8]},
    costs: ({theta}, draw) => cubed(draw(new st.Normal({loc: column(theta!), scale: column(theta!, 1)}))),
    expectation: ({theta}) =>
      theta![0]! ** 3 + 3 * theta![0]! * theta![1]! ** 2 - 1.2 * (theta![0]! ** 2 + theta![1]! ** 2),
  },
  {
    title: 'a Poisson of integers with ln rate',
    parameters: {theta: [0.3]},
    costs: ({theta}, draw) =>
      square(tf.cast(draw(new st.Poisson({logRate: column(theta!), dtype: 'int32'})), 'float32'), 0.5),
    expectation: ({theta}) => Math.exp(theta![0]!) + (Math.exp(theta![0]!) - 0.5) ** 2,
  },
];
const problems = [...binary, ...classes.filter(p => p.title.includes('OneHot')), ...real, ...counts, ...more].filter(
  p => !p.title.includes('autoencoder') && (!inBrowser || onPages.includes(p.title)),
);

describeBackends(
  'muProp is unbiased',
  () => {
    for (const problem of problems) {
      it(`on ${problem.title}`, async () => {
        expect(await zOf(problem, st.muProp(), {n: n()})).toBeLessThan(4.5);
      });
    }

    it('with several samples, in front and merged', async () => {
      for (const valueType of [st.sampleValue(3), st.sampleValue([2, 2])])
        expect(await zOf(chain, st.muProp(), {n: Math.ceil(n() / 9)}, {valueType})).toBeLessThan(4.5);
      expect(
        await zOf(binary[0]!, st.muProp(), {n: Math.ceil(n() / 3)}, {valueType: st.sampleAndReshapeValue(3)}),
      ).toBeLessThan(4.5);
    });

    it('with a cost that is one for the whole batch', async () => {
      const batch = 3;
      const joint: Problem = {
        title: 'a batch with one cost',
        parameters: {theta: [0.3, -0.5, 1.2]},
        // summed over an axis of the batch, which it keeps with size 1: each draw along it bears on all of the cost
        costs: ({theta}, draw) =>
          square(tf.sum(tf.mul(draw(bernoulli(tf.transpose(theta!))), [[1], [-2], [0.5]]), 0, true), 0.3),
        expectation: binary.find(p => p.title === 'an event of three')!.expectation,
      };
      expect(await zOf(joint, st.muProp(), {n: Math.ceil(n() / batch)})).toBeLessThan(4.5);
    });
  },
  {inBrief: [], inNode: ['wasm']},
);

/** MuProp by hand, wrong in one place. */
function wrong({
  sign = 1,
  expectation = 1,
  draws = 'kept',
}: {
  sign?: number;
  expectation?: number;
  draws?: 'kept' | 'mean';
}): st.Estimator {
  const muProp = st.muProp();
  return {
    ...muProp,
    combine(node, {total: cost}, downstream) {
      const mean = tf.broadcastTo(node.distribution.mean(), node.value.shape);
      const at = st.stopGradient(mean);
      const f = downstream.at(at);
      const slope = tf.grad(x => downstream.at(x))(at);
      const taylor = tf.add(f, tf.mul(slope, tf.sub(draws === 'kept' ? node.value : tf.mul(node.value, 2), at)));
      const score = tf.mul(node.logProb(), st.stopGradient(tf.sub(cost, tf.mul(taylor, sign))));
      return {surrogate: tf.add(score, tf.mul(tf.mul(st.stopGradient(slope), mean), expectation))};
    },
  };
}

describeBackends(
  'muProp put together wrongly is caught',
  () => {
    const large = (): number => sizeFor({cpu: 20_000, wasm: 100_000, webgl: 20_000, webgpu: 20_000});
    const cases: Record<string, AnyEstimator> = {
      'the expectation of the expansion left out': wrong({expectation: 0}),
      'the expectation of the expansion subtracted': wrong({expectation: -1}),
      'the expansion added': wrong({sign: -1}),
      'the expansion about another point than the mean': wrong({draws: 'mean'}),
    };
    for (const [name, estimator] of Object.entries(cases)) {
      it(name, async () => expect(await zOf(binary[0]!, estimator, {n: large()})).toBeGreaterThan(4.5));
    }

    it('but the same put together rightly passes', async () =>
      expect(await zOf(binary[0]!, wrong({}), {n: large()})).toBeLessThan(4.5));
  },
  {inBrief: [], inNode: ['wasm']},
);

describeBackends(
  'muProp',
  () => {
    it('has no variance from what is linear in the draw, unlike the score function', async () => {
      const bits: Problem = {
        title: 'a linear cost of many bits',
        parameters: {theta: [0.3, -0.5, 1.2, 0.4]},
        expectation: () => 0,
        costs: ({theta}, draw) => tf.sum(tf.mul(draw(st.independent(bernoulli(theta!))), [1, -2, 3, 4]), -1),
      };
      expect(await varianceOf(bits, st.muProp(), {n: 500})).toBeLessThan(1e-9);
      expect(await varianceOf(bits, st.scoreFunction(), {n: 500})).toBeGreaterThan(1);
    });

    it('refuses distributions without a mean in the layout of their values, and options', () => {
      const rule = 'needs a distribution with a mean in the layout of its values.*not Categorical\\)';
      expect(() => new st.DistributionTensor(new st.Categorical({logits: [1, 2]}), {estimator: 'muProp'})).toThrowError(
        new RegExp(`^DistributionTensor: estimator "muProp" ${rule}, got Categorical$`),
      );
      expect(() => st.muProp({baseline: 1})).toThrowError(/^muProp: unknown option "baseline"/);
      expect(st.muProp().config).toEqual({});
      expect([st.muProp().bias, st.muProp().evaluations]).toEqual(['unbiased', 2]);
    });
  },
  {inBrief: [], inNode: ['wasm']},
);
