/** The options of critics: signals, replay, slow targets, networks of users, and what is refused. */
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import {describeBackends, sizeFor} from '../helpers/backends.js';
import {binary, classes, real, zOf, type Problem} from '../estimators/problems.js';
import {Chain, exactQ, theta} from './chain.js';

const full = process.env.FULL === '1';
const stolen = <T>(x: unknown): T => x as T; // what a JavaScript user may pass
const problem = (list: Problem[], title: string): Problem => list.find(p => p.title === title)!;

describeBackends(
  'every signal of a critic',
  () => {
    const n = sizeFor({cpu: 5000, wasm: 20_000, webgl: 1000, webgpu: 1000});
    const cases: Array<[st.SignalName, Problem, biased: boolean]> = [
      ['support', problem(binary, 'a chain of two with a cost at each'), true],
      ['support', problem(classes, 'an event of two Categoricals'), true],
      ['relaxed', problem(binary, 'an event of three'), true],
      ['relaxed', problem(classes, 'a Bernoulli given a Categorical'), true],
      ['pathwise', problem(real, 'a chain of two Normals with a cost at each'), true],
    ];
    for (const [signal, p, biased] of cases) {
      it(`is unbiased as a control variate, and caught alone: ${signal}, ${p.title}`, async () => {
        const before = tf.memory().numTensors;
        const config = {
          target: 'td',
          signal,
          units: [8],
          targetNetwork: {decay: 0.9},
          replay: {capacity: 500, batch: 50},
        } as const;
        const control = st.critic(config);
        expect(control.bias).toBe('unbiased');
        expect(await zOf(p, control, {n, warmup: 10})).toBeLessThan(4.5);
        const alone = st.critic({...config, use: 'alone'});
        expect(alone.bias).toBe('biased');
        if (biased) expect(await zOf(p, alone, {n, warmup: 3})).toBeGreaterThan(4.5);
        control.dispose!();
        alone.dispose!();
        expect(tf.memory().numTensors).toBe(before);
      });
    }
  },
  {inBrief: [], inNode: ['cpu']},
);

describeBackends(
  'a critic',
  () => {
    /**
     * The Q of a table that was trained with `options`, against the exact one: the largest error at steps that have
     * one.
     */
    const errorOf = async (options: Partial<st.CriticConfig>, rounds = 60, rate = 0.5): Promise<number> => {
      const chain = new Chain();
      const network = st.tabular({contexts: 2});
      const critic = st.critic({target: 'td', network, context: chain.context, ...options});
      chain.train(critic, rounds, 100, tf.train.sgd(rate));
      let worst = 0;
      for (let t = 0; t < theta.length; t++) {
        const table = network.table(`x${t}`)!;
        const numbers = await table.data();
        for (const c of t === 0 ? [0] : [0, 1])
          for (const x of [0, 1]) worst = Math.max(worst, Math.abs(numbers[2 * c + x]! - exactQ(theta, t, x, c)));
        table.dispose();
      }
      critic.dispose!();
      network.dispose();
      return worst;
    };

    it('learns off-policy from a replay, with what the next nodes draw now', async () => {
      // The replay holds 10 steps, the policy of a next node is its present one: its logits by the value before, which
      // is its context.
      const replay: st.ReplayConfig = {
        capacity: 1000,
        batch: 400,
        policy: ({name}, context) => {
          const t = Number(name.slice(1));
          return new st.Bernoulli({logits: tf.add(tf.mul(tf.sub(tf.reshape(context, [-1]), 0.5), 0.8), theta[t]!)});
        },
      };
      expect(await errorOf({replay})).toBeLessThan(0.25);
      // A policy that is none of the chain's leads elsewhere.
      const elsewhere = {
        ...replay,
        policy: (_: st.CriticNode, context: tf.Tensor) => new st.Bernoulli({probs: tf.ones([context.shape[0]])}),
      };
      expect(await errorOf({replay: elsewhere}, 20)).toBeGreaterThan(0.5);
    });

    it('bootstraps with a slow copy of its network, which gets there later', async () => {
      const [slow, fast] = [await errorOf({targetNetwork: {decay: 0.95}}, 25), await errorOf({}, 25)];
      expect(slow).toBeGreaterThan(3 * fast);
      if (full) expect(await errorOf({targetNetwork: {decay: 0.5}}, 60)).toBeLessThan(0.1);
    });

    it('takes a tfjs-layers model, and derives nothing for it from the signal', async () => {
      const before = tf.memory().numTensors;
      const model = tfl.sequential({
        layers: [tfl.layers.dense({units: 4, activation: 'tanh', inputShape: [2]}), tfl.layers.dense({units: 1})],
      });
      const critic = st.critic({target: 'monteCarlo', network: model});
      const w = tf.tidy(() => tf.variable(tf.tensor1d([0.3, -0.4])));
      const own = model.trainableWeights.map(weight => weight.read() as tf.Variable);
      const costs = (zero: boolean) => () => {
        const x = new st.DistributionTensor(new st.Bernoulli({logits: w}), {estimator: critic, key: st.random.key(1)})
          .value;
        return tf.mul(x, zero ? 0 : 3);
      };
      // Q is 0 where all weights are: then nothing but the regression moves them, and the bias of the last layer by
      // −2·(mean cost).
      model.setWeights(own.map(v => tf.zerosLike(v)));
      const {value, grads} = st.variableGrads(costs(false), [w]);
      const [bias] = await grads[own[3]!.name]!.data();
      expect(bias).toBeCloseTo(-2 * (await value.data())[0]!, 5);
      const zero = st.variableGrads(costs(true), [w, ...own]);
      for (const v of own) expect(Math.max(...(await zero.grads[v.name]!.data()).map(Math.abs))).toBe(0);
      critic.dispose!();
      model.dispose();
      tf.dispose([value, grads, zero.value, zero.grads, w]);
      expect(tf.memory().numTensors).toBeLessThanOrEqual(before + 4); // the zeros that were given to setWeights
    });

    it('is found by name with its configuration, and made again from it', () => {
      const made = st.estimators.get('critic', {
        target: 'td',
        use: 'alone',
        units: [3],
        replay: {capacity: 9},
        targetNetwork: {decay: 0.5},
        signal: 'support',
      });
      expect(st.estimators.get('critic', stolen(JSON.parse(JSON.stringify(made.config)))).config).toEqual(made.config);
      expect(made.bias).toBe('biased');
      expect(st.estimators.get('critic').config!['target']).toEqual({kind: 'monteCarlo'});
      expect(st.critic({target: 'td', network: st.tabular()}).config).toBeNull();
      expect(st.critic({target: 'td', context: node => node.value}).config).toBeNull();
    });

    it('refuses what makes no sense', () => {
      const bad: Array<[() => unknown, string | RegExp]> = [
        [
          () => st.critic(stolen({})),
          'critic: target must be "monteCarlo", "td", st.monteCarloTarget() or st.temporalDifference({lambda}), got undefined',
        ],
        [() => st.critic({target: stolen('TD')}), /^critic: target must be .*, got "TD"/],
        [() => st.temporalDifference({lambda: 1.5}), 'temporalDifference: lambda must be a number in [0, 1], got 1.5'],
        [() => st.temporalDifference({lambda: NaN}), 'temporalDifference: lambda must be a number in [0, 1], got NaN'],
        [
          () => st.critic({target: 'td', use: stolen('both')}),
          'critic: use must be "controlVariate" or "alone", got "both"',
        ],
        [() => st.critic({target: 'td', network: stolen(3)}), /^critic: network must be a function of a tensor/],
        [() => st.critic({target: 'td', context: stolen(3)}), 'critic: context must be a function of the node, got 3'],
        [
          () => st.critic({target: 'td', signal: stolen('score')}),
          /^critic: signal must be "support", "pathwise" or "relaxed", got "score"/,
        ],
        [
          () => st.critic({target: 'td', network: st.tabular(), signal: 'relaxed'}),
          /^critic: a table has no derivatives: its signal must be "support"/,
        ],
        [
          () => st.critic({target: 'td', replay: {capacity: 0}}),
          'critic: replay: capacity must be an integer >= 1, got 0',
        ],
        [
          () => st.critic({target: 'td', replay: {capacity: 3, batch: 0}}),
          'critic: replay: batch must be an integer >= 1, got 0',
        ],
        [
          () => st.critic({target: 'td', targetNetwork: {decay: 1}}),
          'targetNetwork: decay must be a number in [0, 1), got 1',
        ],
        [() => st.critic({target: 'td', units: [0]}), /^critic: units must be a list of integers >= 1/],
        [() => st.critic({target: 'td', temperature: 0}), 'critic: temperature must be a finite number > 0, got 0'],
        [
          () => st.critic(stolen({target: 'td', nework: 3})),
          /^critic: unknown option "nework"; did you mean "network"/,
        ],
        [() => st.tabular({contexts: 0}), 'tabular: contexts must be an integer >= 1, got 0'],
        [
          () => new st.DistributionTensor(new st.Poisson({rate: 2}), {estimator: 'critic'}),
          /^DistributionTensor: estimator "critic" needs .*, got Poisson$/,
        ],
        [
          () =>
            new st.DistributionTensor(new st.Normal({loc: 0, scale: 1}), {
              estimator: st.critic({target: 'td', network: st.tabular()}),
            }),
          /^DistributionTensor: estimator "critic" needs a finite support .*, got Normal$/,
        ],
      ];
      const before = tf.memory().numTensors;
      for (const [run, message] of bad) expect(run).withContext(String(message)).toThrowError(message);
      const w = tf.tidy(() => tf.variable(tf.tensor1d([0.3, -0.4])));
      const step = (config: Partial<st.CriticConfig>) => () =>
        st.variableGrads(
          () =>
            new st.DistributionTensor(new st.Bernoulli({logits: w}), {
              estimator: st.critic({target: 'monteCarlo', ...config}),
              name: 'bit',
            }).value,
          [w],
        );
      const steps: Array<[() => unknown, RegExp]> = [
        [
          step({network: x => x}),
          /^critic at node "bit": the network must return a tensor of shape \[2\] or \[2,1\] for 2 rows, got a float32 tensor of shape \[2,2\]/,
        ],
        [step({network: stolen(() => 3)}), /^critic at node "bit": the network must return a tensor .*, got 3/],
        [
          step({context: () => tf.ones([3, 1])}),
          /^critic at node "bit": the context must broadcast to the node's shape \[2\], with or without a last axis of features/,
        ],
        [step({context: stolen(() => 3)}), /^critic at node "bit": the context must be a tensor of numbers, got 3/],
        [
          step({network: st.tabular({contexts: 2}), context: () => tf.ones([2, 3])}),
          /^tabular: with several contexts the context of a draw must be one number/,
        ],
      ];
      for (const [run, message] of steps) expect(run).withContext(String(message)).toThrowError(message);
      w.dispose();
      expect(tf.memory().numTensors).toBeLessThanOrEqual(before + 1); // the table that was begun
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
