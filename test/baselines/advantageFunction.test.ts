import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends} from '../helpers/backends.js';
import {expectClose, logits} from './given.js';

describeBackends(
  'advantage and baselineFunction',
  () => {
    it('are held constant and see node, value and cost', async () => {
      const w = tf.variable(tf.tensor1d(logits));
      const seen: string[] = [];
      const fn: st.LossFunction = (node, value, cost) => {
        seen.push(`${node.name} ${value.shape.join()} ${cost.shape.join()}`);
        return tf.add(tf.mul(tf.sum(tf.exp(w)), 0.1), tf.mul(cost, 0));
      };
      const gradient = async (baseline: st.Baseline): Promise<number[]> => {
        const {value, grads} = st.variableGrads(
          () =>
            tf.square(
              new st.DistributionTensor(new st.Bernoulli({logits: w}), {
                estimator: st.scoreFunction({baseline}),
                key: st.random.key(4),
                name: 'z',
              }).value,
            ),
          [w],
        );
        const numbers = Array.from(await grads[w.name]!.data());
        tf.dispose([value, grads]);
        return numbers;
      };
      const b = logits.reduce((s, l) => s + Math.exp(l), 0) * 0.1;
      expectClose(await gradient(st.baselineFunction(fn)), await gradient(st.constant({value: b})));
      expectClose(
        await gradient(st.advantage(fn)),
        drawn.map((x, i) => ((x - 1 / (1 + Math.exp(-logits[i]!))) * b) / 3),
      );
      expect(seen).toEqual(['z 3 3', 'z 3 3']);
      w.dispose();
    });

    let drawn: number[] = [];
    beforeAll(async () => {
      const x = tf.tidy(() => new st.Bernoulli({logits}).sample([], {key: st.random.key(4)}));
      drawn = Array.from(await x.data());
      x.dispose();
    });

    it('must return a tensor that fits the node', () => {
      const w = tf.variable(tf.tensor1d(logits));
      const run = (baseline: st.Baseline) => () => {
        tf.dispose(
          st.variableGrads(
            () =>
              new st.DistributionTensor(new st.Bernoulli({logits: w}), {
                estimator: st.scoreFunction({baseline}),
                name: 'z',
              }).value,
            [w],
          ),
        );
      };
      const before = tf.memory().numTensors;
      expect(run(st.advantage(() => 3 as unknown as tf.Tensor))).toThrowError(
        'advantage at node "z": the function must return a tensor, got 3',
      );
      expect(run(st.baselineFunction(() => tf.zeros([2])))).toThrowError(
        /^baselineFunction at node "z": the result must broadcast to the node's shape \[3\], got a float32 tensor of shape \[2\]/,
      );
      expect(run(st.baselineFunction(() => tf.zeros([4, 3])))).toThrowError(
        /^baselineFunction at node "z": the result must broadcast/,
      );
      expect(tf.memory().numTensors).toBe(before);
      w.dispose();
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
