import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {detach} from '../../src/math/stopGradient.js';
import {describeBackends} from '../helpers/backends.js';
import {gradient, node, zero} from './bernoulliNode.js';

const key = st.random.key(21);

const plain = (): Promise<number[]> => gradient(w => tf.square(tf.sub(node(w).value, 0.3)));
describeBackends(
  'influence',
  () => {
    it('passes through st.stopGradient, not through the library’s own detach', async () => {
      expect(await gradient(w => tf.square(tf.sub(st.stopGradient(node(w).value), 0.3)))).toEqual(await plain());
      expect(await gradient(w => st.stopGradient(tf.square(tf.sub(node(w).value, 0.3))))).toEqual(await plain());
      expect(await gradient(w => tf.square(tf.sub(detach(node(w).value), 0.3)))).toEqual(zero);
    });

    it('passes through kernels that have no gradient, casts, slices, gathers and comparisons', async () => {
      const wanted = await gradient(w => node(w).value);
      const same: Record<string, (x: tf.Tensor) => tf.Tensor> = {
        cast: x => tf.cast(tf.cast(x, 'int32'), 'float32'),
        greater: x => tf.cast(tf.greater(x, 0.5), 'float32'),
        round: x => tf.round(x),
        gather: x => tf.gather(tf.tensor1d([0, 1]), tf.cast(x, 'int32')),
        oneHot: x => tf.sum(tf.mul(tf.cast(tf.oneHot(tf.cast(x, 'int32'), 2), 'float32'), [0, 1]), -1),
        argMax: x => tf.cast(tf.argMax(tf.stack([tf.mul(x, 0), tf.sub(x, 0.5)], -1), -1), 'float32'),
        where: x => tf.where(tf.greaterEqual(x, 0.5), tf.ones([3]), tf.zeros([3])),
        splitAndConcat: x => tf.concat(tf.split(x, 3)),
        clone: x => tf.clone(x),
        tidy: x => tf.tidy(() => tf.sub(tf.mul(tf.add(x, 1), 1), 1)),
      };
      for (const [name, f] of Object.entries(same)) {
        const got = await gradient(w => f(node(w).value));
        got.forEach((g, i) => expect(g).withContext(name).toBeCloseTo(wanted[i]!, 5));
      }
    });

    it('passes through chains of nodes, pathwise, mean-valued and observed ones, and nodes without estimator', async () => {
      const through = (make: (loc: tf.Tensor) => tf.Tensor): Promise<number[]> => gradient(w => make(node(w).value));
      const outer = {
        pathwise: (loc: tf.Tensor) => new st.DistributionTensor(new st.Normal({loc, scale: 1e-6}), {key}).value,
        mean: (loc: tf.Tensor) =>
          new st.DistributionTensor(new st.Normal({loc, scale: 1}), {valueType: st.meanValue()}).value,
        stoppedMean: (loc: tf.Tensor) =>
          new st.DistributionTensor(new st.Normal({loc, scale: 1}), {valueType: st.meanValue({stopGradient: true})})
            .value,
        none: (loc: tf.Tensor) =>
          new st.DistributionTensor(new st.Normal({loc, scale: 1e-6}), {key, estimator: null}).value,
        plainSample: (loc: tf.Tensor) => new st.Normal({loc, scale: 1e-6}).sample([], {key}),
      };
      const wanted = await gradient(w => node(w).value);
      for (const [name, make] of Object.entries(outer)) {
        (await through(make)).forEach((g, i) => expect(g).withContext(name).toBeCloseTo(wanted[i]!, 4));
      }
    });

    it('does not reach a node whose value no cost uses', async () => {
      expect(
        await gradient(w => {
          node(w);
          return tf.mul(tf.ones([3]), 2);
        }),
      ).toEqual(zero);
    });

    it('of a cost that is a node’s value itself, or a variable itself', async () => {
      const got = await gradient(w => node(w).value);
      expect(got).toEqual(await gradient(w => tf.mul(node(w).value, 1)));
      expect(await gradient(w => w)).toEqual([1, 1, 1].map(x => Math.fround(x / 3)));
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
