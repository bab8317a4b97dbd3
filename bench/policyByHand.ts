/**
 * A small recurrent policy in a known world, and its gradient through whole trajectories by hand, in tfjs alone. States
 * are positions, speeds and a memory; actions are a force and the memory that follows.
 */
import * as tf from '@tensorflow/tfjs-core';
import type {Draws} from './byHand.js';

const [batch, memory, width] = [10, 8, 16];

/** The deviation of actions. */
export const NOISE = 0.1;

export function makeControl(steps: number, draws: Draws) {
  const weights = (shape: [number, number]): tf.Variable<tf.Rank.R2> =>
    tf.tidy(() => tf.variable(tf.mul<tf.Tensor2D>(draws.normal(shape), Math.sqrt(1 / shape[0]))));
  const bias = (size: number): tf.Variable => tf.tidy(() => tf.variable<tf.Rank>(tf.zeros([size])));
  const [w1, b1, w2, b2] = [weights([2 + memory, width]), bias(width), weights([width, 1 + memory]), bias(1 + memory)];
  /** The mean action in states [batch, 2 + memory]. */
  const mean = (s: tf.Tensor): tf.Tensor => {
    const h = tf.tanh(tf.add<tf.Tensor2D>(tf.matMul(s as tf.Tensor2D, w1), b1)); // a batch of vectors
    return tf.add(tf.matMul(h, w2), b2);
  };
  /** What state follows. */
  const dynamics = (s: tf.Tensor, a: tf.Tensor): tf.Tensor => {
    const [position, speed] = tf.split(s, [1, 1, memory], 1) as [tf.Tensor, tf.Tensor, tf.Tensor];
    const [force, next] = tf.split(a, [1, memory], 1) as [tf.Tensor, tf.Tensor];
    const faster = tf.add(tf.mul(speed, 0.95), tf.mul(tf.tanh(force), 0.1));
    return tf.concat([tf.add(position, tf.mul(faster, 0.1)), faster, tf.tanh(next)], 1);
  };
  /** [batch] */
  const cost = (s: tf.Tensor, a: tf.Tensor): tf.Tensor => {
    const [place, force] = [tf.slice(s, [0, 0], [-1, 2]), tf.slice(a, [0, 0], [-1, 1])];
    return tf.add(tf.sum(tf.square(place), -1), tf.mul(tf.sum(tf.square(force), -1), 0.01));
  };
  /** What is recorded of a run: [steps + 1, batch, …], [steps, batch, …], and the noise in the actions. */
  const record = (): {states: tf.Tensor; actions: tf.Tensor; noise: tf.Tensor[]} =>
    tf.tidy(() => {
      const states = [draws.normal([batch, 2 + memory])];
      const [actions, noise]: [tf.Tensor[], tf.Tensor[]] = [[], []];
      for (let t = 0; t < steps; t++) {
        noise.push(tf.mul(draws.normal([batch, 1 + memory]), NOISE));
        actions.push(tf.add(mean(states[t]!), noise[t]!));
        states.push(dynamics(states[t]!, actions[t]!));
      }
      return {states: tf.stack(states), actions: tf.stack(actions), noise};
    });
  return {mean, dynamics, cost, ...record(), variables: [w1, b1, w2, b2]};
}

export type Control = ReturnType<typeof makeControl>;

/** One step of Adam on the cost of the recorded noise, by hand. */
export function controlByHand({mean, dynamics, cost, states, noise, variables}: Control): () => void {
  const optimizer: tf.Optimizer = tf.train.adam(1e-4);
  const total = (): tf.Scalar => {
    let s = tf.reshape(tf.slice(states, 0, 1), states.shape.slice(1));
    const costs = noise.map(eta => {
      const a = tf.add(mean(s), eta);
      const c = cost(s, a);
      s = dynamics(s, a);
      return c;
    });
    return tf.mean(tf.addN(costs));
  };
  return () => void optimizer.minimize(total, false, variables);
}
