/**
 * Policy gradients on a pole to balance, in the graph of Schulman et al. 2015: an action is a random node, each reward a
 * cost of its own, and what an action bears on goes through the state. The world is in policyGradient/cartPole.ts.
 */
import * as Plot from '@observablehq/plot';
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {prng} from './data/prng.js';
import {example} from './frame/example.js';
import {integer, positive} from './frame/kinds.js';
import {CartPoles, type PoleState} from './policyGradient/cartPole.js';

/** Of an estimator that learns something of the state: what the world showed before the action of a node. */
type SeenBy = (node: {readonly name: string}) => tf.Tensor;

const baselines: Readonly<Record<string, (seenBy: SeenBy) => st.Estimator>> = {
  none: () => st.scoreFunction(),
  movingAverage: () => st.scoreFunction({baseline: st.movingAverage({decay: 0.9})}), // one for each time step
  value(seenBy) {
    const network = st.denseNetwork({inputSize: 5, units: [32]}); // V(state), of all time steps
    return st.scoreFunction({baseline: st.learned({network, context: seenBy})});
  },
  relax(seenBy) {
    const network = st.denseNetwork({inputSize: 6, units: [32]}); // c(soft action, state)
    const call = (z: tf.Tensor, node: st.NodeView): tf.Tensor => {
      const soft = tf.tanh(tf.div(z, 2));
      return tf.squeeze(network.call(tf.concat([tf.expandDims(soft, -1), seenBy(node)], -1)), [-1]);
    };
    return st.relax({controlVariate: {call, variables: network.variables}});
  },
};

/** A linear policy, and what its actions are credited by. */
export class Agent {
  /** Of the logit of a push to the right. */
  readonly weights = tf.variable(tf.zeros([4, 1]));
  readonly #seen = new Map<string, tf.Tensor>();
  readonly #estimator: st.Estimator;

  constructor(baseline: string) {
    this.#estimator = baselines[baseline]!(node => this.#seen.get(node.name)!);
  }

  /** An episode in each world; the costs of each step, `[worlds]`, are negative rewards. */
  play(worlds: CartPoles): tf.Tensor[] {
    const costs: tf.Tensor[] = [];
    let state = st.carry(worlds.seen(), {dependsOn: []});
    while (!worlds.areOver) {
      const name = `action ${worlds.time}`;
      this.#seen.set(name, state);
      const logits = tf.squeeze(tf.matMul(tf.slice(state, [0, 0], [-1, 4]), this.weights), [1]);
      const action = new st.DistributionTensor(new st.Bernoulli({logits}), {estimator: this.#estimator, name});
      const rewards = worlds.push(action.value.dataSync());
      costs.push(st.cost(tf.neg(rewards), {dependsOn: [state, action]}));
      state = st.carry(worlds.seen(), {dependsOn: [state, action]});
    }
    return costs;
  }
}

const mean = (xs: readonly number[]): number => xs.reduce((sum, x) => sum + x, 0) / xs.length;

/** After how many episodes the mean of the last 100 was at least 195; NaN if it never was. */
export function solvedAt(lengths: readonly number[]): number {
  for (let n = 100; n <= lengths.length; n++) if (mean(lengths.slice(n - 100, n)) >= 195) return n;
  return NaN;
}

export default example({
  title: 'Policy gradients on a pole',
  paper:
    'Schulman et al. 2015, Gradient estimation using stochastic computation graphs, arXiv:1506.05254, example 5; ' +
    'figures of Grathwohl et al. 2018, arXiv:1711.00123, table 2',
  about:
    'Gymnasium’s CartPole-v1, 200 steps at the most. A linear policy of the state by the score function, each action credited with the rewards ' +
    'from its step on (reward-to-go, not discounted) less a baseline: none, the moving average at its time step, a learned value of the state, or the ' +
    'control variate of RELAX. Adam 0.3 on the mean of 10 episodes; 30 updates are 300 episodes. Solved is a mean of 195 over 100 episodes.',
  backend: 'cpu',
  steps: {default: 30, smoke: 2, about: 'updates'},
  estimators: {known: () => Object.keys(baselines), default: ['none', 'movingAverage', 'value']},
  options: {
    episodes: integer({default: 10, smoke: 3, about: 'of an update'}),
    most: integer({default: 200, smoke: 20, about: 'steps of an episode at the most; Gymnasium’s v1 has 500'}),
    rate: positive({default: 0.3, about: 'of Adam, for the policy'}),
  },
  async run(job) {
    const {seed, episodes, most, rate, estimator: names} = job.options;
    const lengths: Record<string, number[]> = {};
    const trials: Record<string, number[]> = {};
    const paths: Record<string, readonly PoleState[]> = {};
    let start: readonly PoleState[] | undefined;
    await job.each(names, async name => {
      const agent = new Agent(name);
      const optimizer = st.stochasticOptimizer(tf.train.adam(rate), {controlVariateOptimizer: tf.train.adam(0.01)});
      const seen: number[] = (lengths[name] = []);
      /** In new worlds, without learning. */
      const trial = (count: number): CartPoles => {
        const worlds = new CartPoles(count, most, prng(seed, 1));
        tf.tidy(() => void agent.play(worlds));
        return worlds;
      };
      start ??= trial(1).path;
      await job.train(name, step => {
        const worlds = new CartPoles(episodes, most, prng(seed, 2, step));
        optimizer.minimize(() => agent.play(worlds), false, [agent.weights]);
        seen.push(...worlds.lengths);
        return {'steps that the pole stands': mean(worlds.lengths)};
      });
      trials[name] = trial(job.options.smoke ? 2 : 100).lengths;
      paths[`after ${name}`] = trial(1).path;
    });
    // The report
    const published: Readonly<Record<string, string>> = {
      value: '1152 ± 90, actor-critic †',
      relax: '472 ± 114 †',
    };
    const done = (name: string): number => (lengths[name] ?? []).length;
    job.table(
      'Steps that the pole stands',
      ['baseline', 'the last 100 episodes, or all', 'new ones, without learning', 'solved after episodes'],
      names.map(name => {
        const [learnt, solved] = [lengths[name] ?? [], solvedAt(lengths[name] ?? [])];
        return [name, mean(learnt.slice(-100)), mean(trials[name] ?? []), Number.isNaN(solved) ? '' : String(solved)];
      }),
    );
    paths['at the start'] = start ?? [];
    const shown = Object.keys(paths);
    const rows = shown.flatMap(name =>
      paths[name]!.map(([, , angle], step) => ({
        ...{name, step},
        degrees: (180 * angle) / Math.PI,
        x: Math.sin(angle),
        y: Math.cos(angle),
      })),
    );
    job.plot(
      'The angle of one pole (degrees)',
      {
        x: {label: 'time step'},
        y: {label: 'degrees', domain: [-15, 15]},
        marks: [
          Plot.ruleY([-12, 12], {stroke: '#888', strokeDasharray: '4 3'}),
          Plot.lineY(rows, {x: 'step', y: 'degrees', stroke: 'name', strokeWidth: 1.5}),
        ],
      },
      shown,
    );
    const every = 5;
    const last = shown.slice(-2);
    const still = rows.filter(({name, step}) => last.includes(name) && step % every === 0 && step <= 8 * every);
    job.plot('The first steps of two of them', {
      ...{marginLeft: 130, grid: false, height: 220},
      x: {axis: null, domain: [-0.7, 0.7]},
      y: {axis: null, domain: [-0.2, 1.2]},
      fx: {label: 'time step'},
      fy: {label: null, domain: last, axis: 'left'},
      marks: [
        Plot.ruleY([-0.13], {stroke: '#888'}),
        Plot.rect(still, {fx: 'step', fy: 'name', x1: -0.25, x2: 0.25, y1: -0.12, y2: 0.05, fill: '#7f7f7f'}),
        Plot.link(still, {
          ...{fx: 'step', fy: 'name', stroke: '#d55e00', strokeWidth: 4},
          x1: 0,
          y1: 0,
          x2: 'x',
          y2: 'y',
        }),
      ],
    });
    return [
      ...names.map(name => ({
        what: `mean of the last ${Math.min(100, done(name))} of ${done(name)} episodes, ${name}`,
        paper: '195 is solved',
        here: mean((lengths[name] ?? []).slice(-100)),
        digits: 1,
      })),
      ...names.map(name => ({
        what: `episodes until solved, ${name}`,
        paper: published[name] ?? '',
        here: solvedAt(lengths[name] ?? []),
        digits: 0,
      })),
    ];
  },
});
