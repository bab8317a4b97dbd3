/** The regulator in tensors: states [time…, rows, n], actions [time…, rows, m]. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import type {Matrix, Regulator} from './lqr.js';

export interface System {
  readonly horizon: number;
  /** Numbers in a state and in an action. */
  readonly sizes: readonly [number, number];
  /** c(s, a) = sᵀQs + aᵀRa. */
  readonly cost: (s: tf.Tensor, a: tf.Tensor) => tf.Tensor;
  /** The cost of the last state. */
  readonly terminalCost: (s: tf.Tensor) => tf.Tensor;
  /**
   * `rows` runs of s₀ … s_T and a₀ … a_{T−1} under the gains [T, n, m] with normal noise of that scale on the actions.
   * Learners see the system through these alone.
   */
  record(gains: tf.Tensor, scale: number, rows: number, key: st.random.Key): st.Trajectory;
  dispose(): void;
}

export function makeSystem({a, b, q, r, noise, horizon}: Regulator): System {
  const [n, m] = [a.length, b[0]!.length];
  const constants = {
    motion: tf.tidy(() => tf.transpose(tf.concat([matrix(a), matrix(b)], 1))),
    stateCosts: tf.tensor1d(diagonalOf(q)),
    actionCosts: tf.tensor1d(diagonalOf(r)),
  };
  const squares = (x: tf.Tensor, weights: tf.Tensor): tf.Tensor => tf.sum(tf.mul(tf.square(x), weights), -1);
  return {
    horizon,
    sizes: [n, m],
    cost: (s, action) => tf.add(squares(s, constants.stateCosts), squares(action, constants.actionCosts)),
    terminalCost: s => squares(s, constants.stateCosts),
    record: (gains, scale, rows, key) =>
      tf.tidy(() => {
        const [forStart, forActions, forStates] = st.random.split(key, 3) as [
          st.random.Key,
          st.random.Key,
          st.random.Key,
        ];
        const perTime = (width: number, size: number, own: st.random.Key): tf.Tensor[] =>
          tf.unstack(tf.mul(st.random.normal([horizon, rows, width], {key: own}), size));
        const [nudges, pushes, gain] = [perTime(m, scale, forActions), perTime(n, noise, forStates), tf.unstack(gains)];
        const [states, actions] = [[st.random.normal([rows, n], {key: forStart})], [] as tf.Tensor[]];
        for (let t = 0; t < horizon; t++) {
          const s = states[t]!;
          const action = tf.add(tf.matMul(s, gain[t]!), nudges[t]!);
          actions.push(action);
          states.push(tf.add(tf.matMul(tf.concat([s, action], -1), constants.motion), pushes[t]!));
        }
        return {states: tf.stack(states), actions: tf.stack(actions)};
      }),
    dispose: () => tf.dispose(constants),
  };
}

function matrix(m: Matrix): tf.Tensor2D {
  return tf.tensor2d(m.map(row => [...row]));
}

function diagonalOf(m: Matrix): number[] {
  return m.map((row, i) => row[i]!);
}
