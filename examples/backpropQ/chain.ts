/**
 * A chain of switches: what each step costs depends on its own switch and on the one before, and so does the chance of
 * the next.
 */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';

export const steps = 20;
const coupling = 0.8;
const both = 0.1;
const own = Array.from({length: steps}, (_, t) => Math.cos(2 * t + 1));
const before = Array.from({length: steps}, (_, t) => (t === 0 ? 0 : 1.6 * Math.sin(3 * t)));

/** The cost of step t. */
export function costAt(t: number, x: number, last: number): number {
  return own[t]! * x + before[t]! * last + both * x * last;
}

/** The exact expected cost of the whole chain. */
export function expectedCost(theta: ArrayLike<number>): number {
  let [one, total] = [0, 0];
  for (let t = 0; t < steps; t++) {
    let next = 0;
    for (const [last, p] of [
      [0, 1 - one],
      [1, one],
    ] as const) {
      const q = 1 / (1 + Math.exp(-theta[t]! - coupling * (last - 0.5)));
      total += p * (q * costAt(t, 1, last) + (1 - q) * costAt(t, 0, last));
      next += p * q;
    }
    one = next;
  }
  return total;
}

/** The cost of a step, from its node, the one before and their values, all `[n]`. */
export type StepCost = (t: number, nodes: readonly st.DistributionTensor[], x: tf.Tensor, last: tf.Tensor) => tf.Tensor;

export const known: StepCost = (t, _, x, last) =>
  tf.add(tf.mul(x, own[t]!), tf.mul(last, tf.add(tf.mul(x, both), before[t]!)));

/** Draws the chain n times and gives the cost of each step. Its critics see the value before. */
export class Chain {
  readonly #last = new Map<string, tf.Tensor>();
  readonly context = (node: st.NodeView): tf.Tensor => this.#last.get(node.name)!;

  /** @param theta `[n, steps]` */
  costs(theta: tf.Tensor, estimator: st.Estimator, stepCost: StepCost = known): tf.Tensor[] {
    const n = theta.shape[0];
    const nodes: st.DistributionTensor[] = [];
    let last: tf.Tensor = tf.zeros([n]);
    return Array.from({length: steps}, (_, t) => {
      const name = `switch ${t}`;
      this.#last.set(name, last);
      const logits = tf.add(tf.reshape(tf.slice(theta, [0, t], [n, 1]), [n]), tf.mul(tf.sub(last, 0.5), coupling));
      const node = new st.DistributionTensor(new st.Bernoulli({logits}), {estimator, name});
      nodes.push(node);
      const cost = stepCost(t, nodes.slice(-2), node.value, last);
      last = node.value;
      return cost;
    });
  }
}
