/**
 * Critics on a chain of five Bernoulli nodes: with the exact Q the exact gradient, with any Q the gradient on average.
 */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends, sizeFor} from '../../helpers/backends.js';
import {worstZ} from '../../helpers/estimates.js';
import {averaging, Chain, exact, exactQ, steps, theta} from '../chain.js';

const full = process.env.FULL === '1';
const targets = {'Monte Carlo': 'monteCarlo', 'TD(0)': 'td', 'TD(1/2)': st.temporalDifference({lambda: 0.5})} as const;

/** A table trained to convergence. */
function trained(
  target: st.CriticTarget,
  rounds = 40,
  n = 400,
): {chain: Chain; table: st.Tabular; critic: st.Estimator} {
  const chain = new Chain();
  const table = st.tabular({contexts: 2});
  const critic = st.critic({target, network: table, context: chain.context, use: 'alone'});
  const {optimizer, before} = averaging();
  chain.train(critic, rounds, n, optimizer, before);
  return {chain, table, critic};
}

describeBackends(
  'a table on a chain of five',
  () => {
    for (const [title, target] of Object.entries(targets)) {
      if (!full && title !== 'TD(1/2)') continue; // which has both of the others in it
      it(`learns the exact Q from ${title}, and then gives the exact gradient alone`, async () => {
        const before = tf.memory().numTensors;
        const {chain, table, critic} = trained(target);
        let worst = 0;
        for (let t = 0; t < steps; t++) {
          const found = table.table(`x${t}`)!;
          const numbers = await found.data();
          found.dispose();
          for (const c of t === 0 ? [0] : [0, 1]) {
            for (const x of [0, 1]) worst = Math.max(worst, Math.abs(numbers[2 * c + x]! - exactQ(theta, t, x, c)));
          }
        }
        expect(worst).toBeLessThan(5e-3);
        const {mean} = await chain.moments(critic, 50_000);
        const errors = exact().map((g, i) => Math.abs(g - mean[i]!));
        expect(Math.max(...errors)).toBeLessThan(1e-3);
        table.dispose();
        critic.dispose!();
        expect(tf.memory().numTensors).toBe(before);
      });
    }
  },
  {inBrief: [], inNode: ['wasm']},
);

describeBackends(
  'a neural critic on a chain of five',
  () => {
    it('is unbiased as a control variate, with at most a tenth of the variance of the score function with a moving average', async () => {
      const chain = new Chain();
      const [many, few] = [sizeFor({cpu: 100_000, wasm: full ? 100_000 : 20_000, webgl: 2000, webgpu: 2000}), 2000];
      const average = st.scoreFunction({baseline: st.movingAverage()});
      chain.train(average, 50, 200, tf.train.adam(0.02));
      const others = await chain.moments(average, few);
      average.dispose!();
      for (const [target, n] of [
        ['monteCarlo', many],
        ['td', few],
      ] as const) {
        const critic = st.critic({target, context: chain.context, units: [16]});
        chain.train(critic, 60, 200, tf.train.adam(0.02));
        const own = await chain.moments(critic, n);
        expect(worstZ({theta: own}, {theta: exact()}))
          .withContext(target)
          .toBeLessThan(4.5);
        expect(Math.max(...own.variance.map((v, i) => v / others.variance[i]!)))
          .withContext(target)
          .toBeLessThan(0.1);
        critic.dispose!();
      }
    });
  },
  {inBrief: [], inNode: ['wasm']},
);
