/**
 * Learning with opponent-learning awareness (LOLA) by DiCE, whose estimates can be differentiated again: two players of
 * the iterated prisoner's dilemma, each following the gradient through a step of learning that it expects of the other.
 * The game is in meta/prisoners.ts.
 */
import * as Plot from '@observablehq/plot';
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {prng, type Prng} from './data/prng.js';
import {example} from './frame/example.js';
import {choices, integer, positive} from './frame/kinds.js';
import {asOther, exactCosts, type GameConfig, memories, playGames} from './meta/prisoners.js';

/** The logits of cooperation of both players, `[5]` each, by what they remember. */
type Pair = readonly [tf.Tensor, tf.Tensor];

/** One of the players: it looks so many steps of the other's learning ahead. */
export class Learner {
  /** One for each step ahead, and one for its own cost: each has averages of its own. */
  readonly #estimators: readonly st.Estimator[];

  constructor(
    readonly me: 0 | 1,
    readonly looks: number,
    readonly config: GameConfig & {readonly inner: number},
    private readonly random: Prng,
  ) {
    const make = (): st.Estimator => st.dice({baseline: st.movingAverage({decay: 0.9})});
    this.#estimators = Array.from({length: looks + 1}, make);
  }

  /** ∂ cost / ∂ own logits, through what the other would learn. */
  gradient(pair: Pair): tf.Tensor {
    const {me, looks} = this;
    const them = me === 0 ? 1 : 0;
    const other = pair[them];
    return tf.grad(own => {
      const paired = (x: tf.Tensor): Pair => (me === 0 ? [own, x] : [x, own]);
      let learnt = other;
      for (let i = 0; i < looks; i++) {
        const step = tf.grad(x => this.cost(paired(x), them, i))(learnt);
        learnt = tf.sub(learnt, tf.mul(this.config.inner, step));
      }
      return this.cost(paired(learnt), me, looks);
    })(pair[me]);
  }

  /** An estimate of the expected cost of a player from new games, of which every derivative is one. */
  cost(pair: Pair, player: 0 | 1, at: number): tf.Tensor {
    const {games, parts} = this.config;
    const chances = pair.map(logits => tf.sigmoid(logits).dataSync()) as [tf.TypedArray, tf.TypedArray]; // of a pair
    const table = tf.stack([pair[0], tf.gather(pair[1], [...asOther])], 1);
    const nodes: st.DistributionTensor[] = [];
    const costs = playGames(chances, this.config, this.random).map((rounds, i) => {
      const seen = tf.cast(tf.oneHot(tf.tensor1d(rounds.memories, 'int32'), memories.length), 'float32');
      const logits = tf.reshape(tf.matMul(seen, table as tf.Tensor2D), [games, parts[i]!, 2]);
      const value = tf.tensor(rounds.moves, [games, parts[i]!, 2]);
      const q = st.independent(new st.Bernoulli({logits}), 2);
      nodes.push(new st.DistributionTensor(q, {estimator: this.#estimators[at]!, value, name: `part ${i}`}));
      return st.cost(rounds.costs[player], {dependsOn: [...nodes]});
    });
    // the games of the steps before bear on these through their gradient alone, which DiCE has made right already
    return tf.mean(st.surrogateLoss(costs, {stochasticTensors: nodes}));
  }
}

const discount = 0.96;
/** How many steps of the other's learning each looks ahead. */
const ahead: Readonly<Record<string, number>> = {naive: 0, 'lola-1': 1, 'lola-2': 2};

/** Chances of cooperation. */
const chancesOf = (pair: Pair): [number[], number[]] =>
  pair.map(logits => tf.tidy(() => Array.from(tf.sigmoid(logits).dataSync()))) as [number[], number[]]; // of a pair

/** A round's reward, the mean over both players and 1000 games of 150 rounds. */
export function meanReward(pair: readonly [number[], number[]], seed: number): number {
  const [rounds] = playGames(pair, {games: 1000, parts: [150], discount: 1}, prng(seed, 2));
  return -rounds!.costs.reduce((sum, costs) => sum + costs.reduce((a, b) => a + b), 0) / (2 * 1000 * 150);
}

export default example({
  title: 'Learning while others learn: LOLA by DiCE',
  paper:
    'Foerster et al. 2018, DiCE: the infinitely differentiable Monte Carlo estimator, arXiv:1802.05098, section 5; ' +
    'figures of Foerster et al. 2018, Learning with opponent-learning awareness, arXiv:1709.04326',
  about:
    'The iterated prisoner’s dilemma, rewards −1 for both cooperating, −2 for both defecting, 0 and −3 otherwise, discount 0.96. Two players who ' +
    'remember one round, from chances of a half. Naive learners follow the gradient of their own reward and end in defection; those of LOLA follow it ' +
    'through one or two steps of learning of the other, a gradient of a gradient, both estimated from games by DiCE.',
  steps: {default: 160, smoke: 2, about: 'updates of both players'},
  options: {
    players: choices(Object.keys(ahead), {
      default: ['naive', 'lola-1'],
      smoke: Object.keys(ahead),
      about: `which of ${Object.keys(ahead).join(',')}; two steps ahead are learnt sooner and hold less well`,
    }),
    games: integer({default: 512, smoke: 20, about: 'played for each estimate'}),
    rounds: integer({default: 50, smoke: 10, about: 'of a game'}),
    together: integer({default: 10, about: 'rounds of one random node: more is quicker and noisier'}),
    inner: positive({default: 0.3, about: 'size of the step that is looked ahead'}),
    outer: positive({default: 0.2, about: 'size of the step that is taken'}),
  },
  async run(job) {
    const {seed, players, games, rounds, together, inner, outer} = job.options;
    const parts = Array.from({length: Math.ceil(rounds / together)}, (_, i) =>
      Math.min(together, rounds - i * together),
    );
    const policies: Record<string, [number[], number[]]> = {};
    await job.each(players, async name => {
      const config = {games, parts, discount, inner};
      const learners = ([0, 1] as const).map(me => new Learner(me, ahead[name]!, config, prng(seed, 1, me)));
      const logits = [tf.variable(tf.zeros([5])), tf.variable(tf.zeros([5]))] as const;
      policies[name] = chancesOf(logits);
      await job.train(name, () => {
        const gradients = learners.map(learner => learner.gradient(logits)); // both, before either moves
        gradients.forEach((gradient, i) => logits[i]!.assign(tf.sub(logits[i]!, tf.mul(outer, gradient))));
        policies[name] = chancesOf(logits);
        const [a, b] = exactCosts(policies[name], 400, discount);
        return {'exact reward a round, mean of both': (-(1 - discount) * (a + b)) / 2};
      });
    });
    // The report
    const reward = 'mean reward of 150 rounds, drawn';
    const drawn = Object.entries(policies).map(([name, pair]) => [name, meanReward(pair, seed)] as const);
    job.table(
      'Rewards a round',
      ['', reward, 'exact, discounted'],
      drawn.map(([name, mean]) => {
        const [a, b] = exactCosts(policies[name]!, 400, discount);
        return [name, mean, (-(1 - discount) * (a + b)) / 2];
      }),
    );
    const rows = drawn.flatMap(([name]) =>
      policies[name]!.map((chances, i) => [`${name}, player ${i + 1}`, ...chances]),
    );
    job.table('Chances of cooperating after both did (CC), the other alone defected (CD), …', ['', ...memories], rows);
    job.plot(
      'Chances of cooperating (LOLA: tit for tat)',
      {
        fx: {label: null, domain: [...memories]},
        x: {axis: null, domain: players},
        y: {label: 'chance', domain: [0, 1]},
        marks: [
          Plot.barY(
            drawn.flatMap(([name]) =>
              memories.map((memory, i) => ({
                name,
                memory,
                chance: (policies[name]![0][i]! + policies[name]![1][i]!) / 2,
              })),
            ),
            {fx: 'memory', x: 'name', y: 'chance', fill: 'name'},
          ),
        ],
      },
      players,
    );
    const published: Readonly<Record<string, string>> = {
      naive: 'defection is −2; −1.98 †',
      'lola-1': 'cooperation is −1; −1.17 ± 0.34 by policy gradients †',
      'lola-2': 'cooperation is −1',
    };
    return players.map(name => ({
      what: `mean reward a round, ${name}`,
      paper: published[name]!,
      here: drawn.find(([of]) => of === name)?.[1] ?? NaN,
    }));
  },
});
