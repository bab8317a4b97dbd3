/** What a random layer costs in `fit`: kernels, beside those of the same surrogate by hand, and tensors. */
import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential, type Sequential} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import * as stl from 'tfjs-stochastic/layers';
import {describeBackends} from '../../helpers/backends.js';

describeBackends(
  'fit with a random layer',
  () => {
    const [batch, units] = [8, 4];
    let x: tf.Tensor;
    let y: tf.Tensor;
    beforeAll(() => {
      [x, y] = [tf.ones([batch, 3]), tf.ones([batch, 2])];
    });
    afterAll(() => tf.dispose([x, y]));
    const modelOf = (code: Parameters<Sequential['add']>[0], optimizer: tf.Optimizer): Sequential => {
      const model = sequential({layers: [layers.dense({units, inputShape: [3]}), code, layers.dense({units: 2})]});
      model.compile({optimizer, loss: 'meanSquaredError'});
      return model;
    };
    const kernelsOf = async (f: () => Promise<unknown>): Promise<number> => {
      await f(); // makes what is made once
      const {kernels} = await tf.profile(async () => {
        await f();
        return tf.scalar(0);
      });
      return kernels.length;
    };
    const trained = (model: Sequential) => (): Promise<unknown> =>
      model.fit(x, y, {epochs: 1, batchSize: batch, shuffle: false, verbose: 0});

    it('takes at most 1.25 times the kernels of the surrogate by hand', async () => {
      const plain = modelOf(layers.activation({activation: 'sigmoid'}), tf.train.sgd(0.1));
      const random = modelOf(stl.bernoulli({seed: 1}), st.stochasticOptimizer(tf.train.sgd(0.1)));
      const sgd = tf.train.sgd(0.1);
      const [first, , last] = plain.layers;
      const minimize = (loss: () => tf.Scalar) => async (): Promise<void> => {
        const value = sgd.minimize(loss, true)!;
        await value.data();
        value.dispose();
      };
      const costs = (h: tf.Tensor): tf.Tensor => tf.mean(tf.square(tf.sub(last!.apply(h) as tf.Tensor, y)), -1);
      const byHand = minimize(() => {
        const logits = first!.apply(x) as tf.Tensor;
        const u = st.random.uniform([batch, units], {key: st.random.key(1)});
        const b = st.stopGradient(tf.cast(tf.less(u, tf.sigmoid(logits)), 'float32'));
        const cost = costs(b);
        const logProb = tf.sum(tf.sub(tf.mul(b, logits), tf.softplus(logits)), -1);
        return tf.add<tf.Scalar>(tf.mean(cost), tf.mean(tf.mul(logProb, st.stopGradient(cost))));
      });
      const withoutDraws = minimize(() => tf.mean(costs(tf.sigmoid(first!.apply(x) as tf.Tensor))));
      // what fit does with the data it does in every model
      const ofData = (await kernelsOf(trained(plain))) - (await kernelsOf(withoutDraws));
      const step = (await kernelsOf(trained(random))) - Math.max(0, ofData);
      expect(step).toBeLessThanOrEqual(1.25 * (await kernelsOf(byHand)));
      [plain, random].forEach(model => model.dispose());
    });

    it('leaves no tensor behind over three epochs, whatever the estimator', async () => {
      for (const estimator of ['scoreFunction', 'leaveOneOut', 'relax', 'muProp'] as const) {
        const model = modelOf(stl.bernoulli({estimator, seed: 1}), st.stochasticOptimizer(tf.train.sgd(0.1)));
        await model.fit(x, y, {epochs: 1, batchSize: 4, verbose: 0});
        const before = tf.memory().numTensors;
        await model.fit(x, y, {epochs: 3, batchSize: 4, verbose: 0});
        expect(tf.memory().numTensors).withContext(estimator).toBe(before);
        model.dispose();
      }
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
