/** A chain of five Bernoulli nodes with a cost at each step, which can be enumerated. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {column} from '../estimators/problems.js';
import {exactGradient, gradientMoments, sigmoid, type Moments} from '../helpers/estimates.js';

export const steps = 5;
export const theta = [0.4, -0.3, 0.2, 0.6, -0.5];
/** The cost of step t: of its value, of the one before, which it cannot change, and a little of both. */
const price = {own: [1, -0.7, 1.2, 0.6, -0.9], before: [0, 1.6, -1.4, 1.8, -1.5], both: 0.1};
const costAt = (t: number, x: number, before: number): number =>
  price.own[t]! * x + price.before[t]! * before + price.both * x * before;
const coupling = 0.8;
const probability = (p: number[], t: number, before: number): number =>
  sigmoid(p[t]! + (t === 0 ? 0 : coupling * (before - 0.5)));

/** E of the costs after step t − 1, given its value. */
function expected(p: number[], t: number, before: number): number {
  if (t === steps) return 0;
  const one = probability(p, t, before);
  return one * exactQ(p, t, 1, before) + (1 - one) * exactQ(p, t, 0, before);
}

/** Q of step t: E of its cost and of all later ones, given its value and the one before. */
export function exactQ(p: number[], t: number, x: number, before: number): number {
  return costAt(t, x, before) + expected(p, t + 1, x);
}

export const exact = (): number[] => exactGradient({theta}, p => expected(p['theta']!, 0, 0))['theta']!;

/** The chain with one estimator for all nodes, and the context that its critics need: the value before. */
export class Chain {
  readonly #before = new Map<string, tf.Tensor>();
  readonly context: (node: st.NodeView) => tf.Tensor = node => this.#before.get(node.name)!;

  /** The costs, `[n]` each, of parameters `[n, steps]`. */
  costs(p: tf.Tensor, estimator: st.Estimator): tf.Tensor[] {
    let before: tf.Tensor = tf.zeros([p.shape[0]]);
    return Array.from({length: steps}, (_, t) => {
      const name = `x${t}`;
      this.#before.set(name, before);
      const shift = t === 0 ? column(p, t) : tf.add(column(p, t), tf.mul(tf.sub(before, 0.5), coupling));
      const x = new st.DistributionTensor(new st.Bernoulli({logits: shift}), {estimator, name}).value;
      const cost = tf.add(tf.mul(x, price.own[t]!), tf.mul(before, tf.add(tf.mul(x, price.both), price.before[t]!)));
      before = x;
      return cost;
    });
  }

  /** Trains what the estimator owns, with the parameters as they are. */
  train(
    estimator: st.Estimator,
    count: number,
    n: number,
    optimizer: tf.Optimizer,
    before?: (step: number) => void,
  ): void {
    const p = tf.tidy(() => tf.variable(tf.tile(tf.tensor2d([theta]), [n, 1])));
    const both = st.stochasticOptimizer(tf.train.sgd(0), {controlVariateOptimizer: optimizer});
    for (let i = 0; i < count; i++) {
      before?.(i);
      both.minimize(() => this.costs(p, estimator), false, [p]);
    }
    both.dispose();
    p.dispose();
  }

  async moments(estimator: st.Estimator, n: number): Promise<Moments> {
    return (await gradientMoments({theta}, n, p => this.costs(p['theta']!, estimator)))['theta']!;
  }
}

/** Gradient descent whose rate falls as that of an average, once it has come near. */
export function averaging(): {optimizer: tf.Optimizer; before: (step: number) => void} {
  const optimizer = tf.train.sgd(1);
  return {optimizer, before: step => optimizer.setLearningRate(1 / (1 + Math.max(0, step - 20) / 4))};
}
