/** Costs from a worker. */
import {Worker} from 'node:worker_threads';
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends} from '../helpers/backends.js';

/** Answers `{id, values}` after 0 to 50 ms, in any order, and every fifth never. */
const source = `
  const {parentPort} = require('node:worker_threads');
  parentPort.on('message', ({id, values}) => {
    if (id % 5 === 4) return;
    setTimeout(() => parentPort.postMessage({id, costs: values.map(x => 1 - x)}), (id * 29) % 51);
  });
`;

describeBackends(
  'costs from a worker',
  () => {
    it('train while they are on their way, and leave nothing behind', async () => {
      const before = tf.memory().numTensors;
      const worker = new Worker(source, {eval: true});
      const waiting = new Map<number, (costs: number[]) => void>();
      worker.on('message', ({id, costs}: {id: number; costs: number[]}) => waiting.get(id)?.(costs));
      const ask = async (id: number, values: Promise<number[]>): Promise<number[]> => {
        const answer = new Promise<number[]>(resolve => waiting.set(id, resolve));
        worker.postMessage({id, values: await values});
        return answer;
      };

      const w = tf.tidy(() => tf.variable(tf.zeros([8])));
      const critic = st.critic({target: 'monteCarlo', units: [8]});
      const optimizer = st.stochasticOptimizer(tf.train.sgd(4), {controlVariateOptimizer: tf.train.adam(0.05)});
      let settled = 0;
      for (let i = 0; i < 60; i++) {
        let give: (values: number[]) => void = () => undefined;
        const values = new Promise<number[]>(resolve => (give = resolve));
        let drawn: tf.Tensor | null = null;
        optimizer.minimize(
          () => {
            const node = new st.DistributionTensor(new st.Bernoulli({logits: w}), {estimator: critic});
            drawn = tf.keep(tf.clone(node.value));
            return st.cost(ask(i, values), {dependsOn: node, name: 'worker'});
          },
          false,
          [w],
        );
        give(Array.from(await drawn!.data()));
        tf.dispose(drawn!);
        await new Promise(resolve => setTimeout(resolve, 4));
        if (i === 20) settled = tf.memory().numTensors;
      }
      await new Promise(resolve => setTimeout(resolve, 100));
      expect(tf.memory().numTensors).toBe(settled);
      expect(Math.min(...(await w.data()))).toBeGreaterThan(0.3);
      await worker.terminate();
      optimizer.dispose();
      critic.dispose!();
      w.dispose();
      expect(tf.memory().numTensors).toBe(before);
    });
  },
  {inNode: ['wasm']},
);
