/** Sequences that are taken apart and stacked again, as recurrent layers do: each draw is credited by time step. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {sampleInTurn} from '../../../src/graph/samplesInTurn.js';
import {describeBackends} from '../../helpers/backends.js';
import {sigmoid} from '../../helpers/estimates.js';
import {read} from '../../helpers/near.js';

/** Programs whose sizes are all equal, and the same with different ones. */
const sizes = [
  [3, 3],
  [2, 4],
] as const;

describeBackends(
  'draws of the steps of a sequence',
  () => {
    for (const [batch, steps] of sizes) {
      const costsOfSteps = (scale: number): tf.Tensor =>
        tf.tidy(() => tf.mul(tf.add(tf.range(0, steps), 1), tf.concat([tf.tensor1d([scale]), tf.ones([steps - 1])])));

      /** Logits of each step; the state is fed back. */
      const recurrent = (w: tf.Tensor, scale: number, seen: tf.Tensor[] = []): tf.Tensor => {
        let state: tf.Tensor = tf.zeros([batch]);
        const out = tf.unstack(tf.tile(w, [batch, 1]), 1).map((logits, t) => {
          const b = new st.DistributionTensor(new st.Bernoulli({logits: tf.add(logits, tf.mul(state, 0.5))}), {
            estimator: 'scoreFunction',
            key: st.random.foldIn(st.random.key(3), t),
            name: `z${t}`,
          }).value;
          seen.push(b);
          state = tf.add(tf.mul(state, 0.5), b);
          return state;
        });
        return tf.mul(tf.square(tf.sub(tf.stack(out, 1), 0.3)), costsOfSteps(scale)); // [batch, steps]
      };
      const gradient = async (f: (w: tf.Variable) => tf.Tensor): Promise<number[]> => {
        const w = tf.tidy(() => tf.variable(tf.tensor2d([[0.3, -0.2, 0.6, 0.1].slice(0, steps)])));
        const {value, grads} = st.variableGrads(() => tf.mean(f(w)), [w]);
        const found = await read(grads[w.name]!);
        tf.dispose([value, grads, w]);
        return found;
      };

      it(`take the costs from their step on and none before, of ${steps} steps and ${batch} examples`, async () => {
        const seen: tf.Tensor[] = [];
        const found = await gradient(w => {
          const costs = recurrent(w, 1, seen);
          seen.splice(0, seen.length, ...seen.map(t => tf.keep(tf.clone(t))));
          return costs;
        });
        const draws = await Promise.all(seen.map(async t => Array.from(await t.data<'int32'>())));
        tf.dispose(seen);
        const logits = [0.3, -0.2, 0.6, 0.1];
        const expected = new Array<number>(steps).fill(0);
        for (let i = 0; i < batch; i++) {
          let state = 0;
          const scores: number[] = [];
          for (let t = 0; t < steps; t++) {
            const b = draws[t]![i]!;
            scores.push(b - sigmoid(logits[t]! + 0.5 * state));
            state = 0.5 * state + b;
            const cost = ((state - 0.3) ** 2 * (t + 1)) / (batch * steps);
            scores.forEach((score, from) => (expected[from]! += score * cost));
          }
        }
        found.forEach((g, t) => expect(g).withContext(`step ${t}`).toBeCloseTo(expected[t]!, 5));
      });

      it(`do not feel the cost of an earlier step, to the bit, of ${steps} steps and ${batch} examples`, async () => {
        const [one, million] = [await gradient(w => recurrent(w, 1)), await gradient(w => recurrent(w, 1e6))];
        expect(million.slice(1)).toEqual(one.slice(1));
        expect(million[0]).not.toBeCloseTo(one[0]!, 2);
      });

      it(`are told apart from samples in turn, of ${steps} steps and ${batch} examples`, async () => {
        /** Two samples of each step in turn, all combinations of which are passes. */
        const inTurn = (w: tf.Tensor, estimator: st.EstimatorName, of: 'chain' | 'steps'): tf.Tensor => {
          let state: tf.Tensor = tf.zeros([batch]);
          const out = tf.unstack(tf.tile(w, [batch, 1]), 1).map((logits, t) => {
            const fed = of === 'chain' ? tf.add(logits, tf.mul(state, 0.5)) : logits;
            const make = (): st.DistributionTensor =>
              new st.DistributionTensor(new st.Bernoulli({logits: fed}), {
                estimator,
                key: st.random.foldIn(st.random.key(5), t),
                name: `z${t}`,
              });
            state = tf.mul(tf.add(tf.mul(state, of === 'chain' ? 0.5 : 0), sampleInTurn(make).value), 1);
            return state;
          });
          return tf.mul(tf.square(tf.sub(tf.stack(out, 1), 0.3)), costsOfSteps(1));
        };
        const logits = [0.3, -0.2, 0.6, 0.1];
        for (const of of ['chain', 'steps'] as const) {
          /** ∂E/∂w by all values of all steps. */
          const exact = new Array<number>(steps).fill(0);
          for (let all = 0; all < 1 << steps; all++) {
            let [state, p, cost] = [0, 1, 0];
            const scores: number[] = [];
            for (let t = 0; t < steps; t++) {
              const b = (all >> t) & 1;
              const q = sigmoid(logits[t]! + (of === 'chain' ? 0.5 * state : 0));
              p *= b === 1 ? q : 1 - q;
              scores.push(b - q);
              state = (of === 'chain' ? 0.5 * state : 0) + b;
              cost += ((state - 0.3) ** 2 * (t + 1)) / steps;
            }
            scores.forEach((score, t) => (exact[t]! += p * score * cost));
          }
          const found = await gradient(w => inTurn(w, 'enumerate', of));
          found.forEach((g, t) => expect(g).withContext(`${of}, step ${t}`).toBeCloseTo(exact[t]!, 4));
        }
      });
    }
  },
  {inBrief: [], inNode: ['cpu']},
);
