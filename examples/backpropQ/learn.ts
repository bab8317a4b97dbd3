/** Trains the chain of switches with one method. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {Chain, costAt, expectedCost, steps, type StepCost} from './chain.js';

type Make = (context: (node: st.NodeView) => tf.Tensor) => st.Estimator;

const make: Readonly<Record<string, Make>> = {
  'score function, moving average': () => st.scoreFunction({baseline: st.movingAverage()}),
  'critic, Monte Carlo': context => st.critic({target: 'monteCarlo', context, units: [8]}),
  'critic, TD(0)': context => st.critic({target: 'td', context, units: [8]}),
  'critic, TD(1/2)': context => st.critic({target: st.temporalDifference({lambda: 0.5}), context, units: [8]}),
  'critic, TD(0), alone': context => st.critic({target: 'td', context, units: [8], use: 'alone'}),
  'critic, costs late': context => st.critic({target: 'td', context, units: [8]}),
};
export const methods = Object.keys(make);
/** Copies of the chain in each step. */
const N = 20;

/** One method at work. */
export interface Learning {
  /** Takes a step of training. */
  step(): Promise<void>;
  /** The exact expected cost now. */
  cost(): Promise<number>;
}

export function startLearning(method: string, seed: number): Learning {
  const isLate = method.endsWith('late');
  const theta = tf.variable(tf.zeros([steps]));
  st.random.setSeed(seed);
  const {chain, estimator, optimizer} = setup(method, 0.1);
  const server = new Server();
  return {
    async step() {
      optimizer.minimize(
        () => chain.costs(tf.tile(tf.expandDims(theta, 0), [N, 1]), estimator, isLate ? server.cost : undefined),
        false,
        [theta],
      );
      if (isLate) await server.afterStep();
    },
    cost: async () => expectedCost(await theta.data()),
  };
}

function setup(
  method: string,
  rate: number,
): {chain: Chain; estimator: st.Estimator; optimizer: st.StochasticOptimizer} {
  const chain = new Chain();
  const estimator = make[method]!(chain.context);
  const optimizer = st.stochasticOptimizer(rate === 0 ? tf.train.sgd(0) : tf.train.adam(rate), {
    controlVariateOptimizer: tf.train.adam(0.05),
  });
  return {chain, estimator, optimizer};
}

/**
 * The variance of a gradient of one draw of the chain at the start, summed over parameters, with the estimator's own
 * variables trained for as long as the chain is. Each row of the parameters belongs to one draw, so that its gradient
 * is one estimate.
 */
export async function gradientVariance(method: string, rounds: number, seed: number, rows: number): Promise<number> {
  st.random.setSeed(seed);
  const {chain, estimator, optimizer} = setup(method, 0);
  const few = tf.tidy(() => tf.variable(tf.zeros([N, steps])));
  for (let i = 0; i < rounds; i++) optimizer.minimize(() => chain.costs(few, estimator), false, [few]);
  const many = tf.tidy(() => tf.variable(tf.zeros([rows, steps])));
  const spread = tf.tidy(() => {
    const {grads} = st.variableGrads(() => chain.costs(many, estimator), [many]);
    return tf.sum(tf.moments(tf.mul(grads[many.name]!, rows), 0).variance);
  });
  const [result] = await spread.data();
  tf.dispose([spread, few, many]);
  optimizer.dispose();
  estimator.dispose?.();
  return result!;
}

/** A world outside that answers each step's costs after 0 to 50 ms, in any order, and every tenth never. */
class Server {
  #asked = 0;
  #waiting: Array<() => Promise<void>> = [];

  readonly cost: StepCost = (t, nodes, x, last) => {
    const [own, before] = [tf.keep(tf.clone(x)), tf.keep(tf.clone(last))];
    const id = this.#asked++;
    const answer = new Promise<number[]>(resolve =>
      this.#waiting.push(async () => {
        const [values, lasts] = [await own.data(), await before.data()];
        tf.dispose([own, before]);
        const costs = Array.from(values, (value, i) => costAt(t, value, lasts[i]!));
        if (id % 10 !== 9) setTimeout(() => resolve(costs), (id * 17) % 51);
      }),
    );
    return st.cost(answer, {dependsOn: nodes, name: `step ${t}`});
  };

  /** Sends off what was asked, and gives way to what arrives. */
  async afterStep(): Promise<void> {
    await Promise.all(this.#waiting.splice(0).map(send => send()));
    await new Promise(resolve => setTimeout(resolve, 1));
  }
}
