/**
 * Late costs of several nodes in any order, of ever new names, and from things that are only like promises; replay of
 * episodes that differ in length.
 */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends} from '../../helpers/backends.js';
import {exactGradient, gradientMoments, sigmoid} from '../../helpers/estimates.js';
import {column} from '../../estimators/problems.js';

const full = process.env.FULL === '1';
const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve));
const theta = [0.4, -0.3, 0.2];

interface Structure {
  readonly coupling: number;
  readonly order: readonly number[];
}
const price = (a: number, b: number, c: number): number => 1.5 * a - 2 * (b - 0.3) ** 2 + a * b - 0.8 * c * b;

describeBackends(
  'a late cost of three nodes',
  () => {
    /**
     * Nodes a and b with critics, c with the plain score function; b's logit depends on a by `coupling`. The cost comes
     * later.
     */
    const costs = (
      p: tf.Tensor,
      critic: st.Estimator,
      {coupling, order}: Structure,
      name = 'reward',
      wrap: (outcome: Promise<number[]>) => PromiseLike<number[]> = x => x,
    ): tf.Tensor => {
      const make = (logits: tf.Tensor, node: string, estimator: st.Estimator): st.DistributionTensor =>
        new st.DistributionTensor(new st.Bernoulli({logits}), {estimator, name: node});
      const c = make(column(p, 2), 'c', st.scoreFunction());
      const a = make(column(p, 0), 'a', critic);
      const b = make(tf.add(column(p, 1), tf.mul(tf.sub(a.value, 0.5), coupling)), 'b', critic);
      const nodes = [a, b, c];
      const values = nodes.map(({value}) => value.dataSync());
      const outcome = turn().then(() => Array.from(values[0]!, (x, i) => price(x, values[1]![i]!, values[2]![i]!)));
      return st.cost(wrap(outcome), {dependsOn: order.map(i => nodes[i]!), name});
    };
    const train = async (structure: Structure, config: Partial<st.CriticConfig>): Promise<st.Estimator> => {
      st.random.setSeed(4);
      const critic = st.critic({target: 'monteCarlo', units: [8], ...config});
      const p = tf.tidy(() => tf.variable(tf.tile(tf.tensor2d([theta]), [24, 1])));
      const optimizer = st.stochasticOptimizer(tf.train.sgd(0), {controlVariateOptimizer: tf.train.adam(0.08)});
      for (let i = 0; i < 100; i++) {
        optimizer.minimize(() => costs(p, critic, structure), false, [p]);
        await turn();
        await turn();
      }
      optimizer.dispose();
      p.dispose();
      return critic;
    };
    const exact = (coupling: number): number[] =>
      exactGradient({theta}, ({theta: at}) => {
        const [i, j, k] = at!;
        let sum = 0;
        for (const [a, b, c] of [0, 1, 2, 3, 4, 5, 6, 7].map(n => [n & 1, (n >> 1) & 1, n >> 2] as const)) {
          const [pa, pb, pc] = [sigmoid(i!), sigmoid(j! + coupling * (a - 0.5)), sigmoid(k!)];
          sum += (a ? pa : 1 - pa) * (b ? pb : 1 - pb) * (c ? pc : 1 - pc) * price(a, b, c);
        }
        return sum;
      })['theta']!;

    for (const [title, coupling, config] of [
      ...(full ? ([['in parallel', 0, {}]] as const) : []),
      ['in a chain, with a table', 1.2, {network: 'table'}],
    ] as const) {
      it(`gives each of them its gradient, in whatever order they are named (${title})`, async () => {
        const before = tf.memory().numTensors;
        const found: number[][] = [];
        for (const order of [
          [0, 1, 2],
          [2, 1, 1, 0],
        ]) {
          const table = 'network' in config ? st.tabular() : null;
          const structure = {coupling, order};
          const critic = await train(
            structure,
            table === null ? {} : {network: table, context: ({shape}) => tf.zeros([...shape])},
          );
          st.random.setSeed(6);
          const moments = await gradientMoments({theta}, 20_000, p =>
            st.withFrozenState(() => costs(p['theta']!, critic, structure)),
          );
          found.push(moments['theta']!.mean);
          critic.dispose!();
          table?.dispose();
          await turn();
        }
        const expected = exact(coupling);
        found[0]!.forEach((g, i) =>
          expect(Math.abs(g - expected[i]!))
            .withContext(`${title}, ${i}: ${g} for ${expected[i]}`)
            .toBeLessThan(0.02),
        );
        found.slice(1).forEach(other => expect(other).toEqual(found[0]!));
        expect(tf.memory().numTensors).toBe(before);
      });
    }

    it('may have another name in each step: it is said, and the memory does not fill', async () => {
      const before = tf.memory().numTensors;
      const warn = spyOn(console, 'warn');
      const critic = st.critic({target: 'monteCarlo', units: [4]});
      const p = tf.tidy(() => tf.variable(tf.tensor2d([theta])));
      const optimizer = st.stochasticOptimizer(tf.train.sgd(0), {controlVariateOptimizer: tf.train.adam(0.03)});
      const tensors: number[] = [];
      for (let i = 0; i < 60; i++) {
        optimizer.minimize(() => costs(p, critic, {coupling: 0, order: [0, 1, 2]}, `reward ${i}`), false, [p]);
        await turn();
        await turn();
        tensors.push(tf.memory().numTensors);
      }
      expect(tensors[59]).toBe(tensors[30]);
      expect(warn.calls.allArgs()).toEqual([
        [
          jasmine.stringMatching(
            /costs of ever new names come late at node "b", so that nothing is learnt .*: give a cost the same name in each step$/,
          ),
        ],
      ]);
      optimizer.dispose();
      critic.dispose!();
      p.dispose();
      await turn();
      expect(tf.memory().numTensors).toBe(before);
    });

    it('may have many names in one step, and each keeps what it learnt', async () => {
      const warn = spyOn(console, 'warn');
      const critic = st.critic({target: 'monteCarlo', units: [4]});
      const p = tf.tidy(() => tf.variable(tf.tensor2d([theta])));
      const optimizer = st.stochasticOptimizer(tf.train.sgd(0), {controlVariateOptimizer: tf.train.adam(0.03)});
      const tensors: number[] = [];
      for (let i = 0; i < 6; i++) {
        optimizer.minimize(
          () => {
            const a = new st.DistributionTensor(new st.Bernoulli({logits: column(p)}), {estimator: critic, name: 'a'});
            return Array.from({length: 40}, (_, k) => st.cost(Promise.resolve([k]), {dependsOn: a, name: `cost ${k}`}));
          },
          false,
          [p],
        );
        await turn();
        await turn();
        tensors.push(tf.memory().numTensors);
      }
      expect(tensors[5]).toBe(tensors[3]);
      expect(warn).not.toHaveBeenCalled();
      optimizer.dispose();
      critic.dispose!();
      p.dispose();
      await turn();
    });

    it('may come from anything with a `then`', async () => {
      const before = tf.memory().numTensors;
      const p = tf.tidy(() => tf.variable(tf.tensor2d([theta])));
      const structure = {coupling: 0, order: [0, 1, 2]};
      // a foreign promise may be a function, call back at once, twice, or throw
      const thenables: Array<[(outcome: Promise<number[]>) => unknown, RegExp | null]> = [
        [outcome => ({then: outcome.then.bind(outcome)}), null],
        [outcome => Object.assign(() => 0, {then: outcome.then.bind(outcome)}), null],
        [() => ({then: (resolve: (x: number[]) => void) => resolve([7])}), null],
        [
          () => ({
            then(resolve: (x: number[]) => void) {
              resolve([7]);
              resolve([8]);
              throw new Error('too late');
            },
          }),
          null,
        ],
        [
          () => ({
            then() {
              throw new Error('no server');
            },
          }),
          /^cost "reward": the promise was rejected: no server$/,
        ],
        [
          () => ({then: (_: unknown, reject: (why: unknown) => void) => reject('closed')}),
          /^cost "reward": the promise was rejected: closed$/,
        ],
        [() => ({then: (resolve: (x: unknown) => void) => resolve('seven')}), /^cost "reward": .*got "?seven"?/],
      ];
      for (const [wrap, message] of thenables) {
        const critic = st.critic({target: 'monteCarlo', units: [4]});
        const step = (): void => {
          const {grads, value} = st.variableGrads(() => costs(p, critic, structure, 'reward', wrap as never), [p]);
          tf.dispose({...grads, value});
        };
        step();
        await turn();
        await turn();
        if (message === null) expect(step).not.toThrow();
        else expect(step).toThrowError(message);
        await turn();
        await turn();
        critic.dispose!();
      }
      p.dispose();
      expect(tf.memory().numTensors).toBe(before);
    });

    it('refuses draws beside its node that do not belong to those of the node', () => {
      const critic = st.critic({target: 'monteCarlo', units: [4]});
      const w = tf.tidy(() => tf.variable(tf.zeros([3])));
      const run = (other: (logits: tf.Tensor) => st.DistributionTensor): void => {
        const {grads, value} = st.variableGrads(() => {
          const a = other(w);
          const b = new st.DistributionTensor(new st.Bernoulli({logits: w}), {estimator: critic, name: 'b'});
          return st.cost(Promise.resolve([1, 2, 3]), {dependsOn: [b, a], name: 'reward'});
        }, [w]);
        tf.dispose({...grads, value});
      };
      const refused =
        /^critic at node "b": a late cost depends on node "a" too, whose draws must broadcast to \[sample…, batch…\], here \[3\], got a float32 tensor of shape/;
      // as many samples as examples are no examples
      for (const samples of [3, 2]) {
        expect(() =>
          run(
            logits =>
              new st.DistributionTensor(new st.Bernoulli({logits: tf.sum(logits)}), {
                estimator: 'scoreFunction',
                name: 'a',
                valueType: st.sampleValue(samples),
              }),
          ),
        ).toThrowError(refused);
      }
      expect(() =>
        run(
          logits =>
            new st.DistributionTensor(new st.Bernoulli({logits: tf.sum(logits)}), {
              estimator: 'scoreFunction',
              name: 'a',
            }),
        ),
      ).not.toThrow();
      expect(() =>
        run(
          logits =>
            new st.DistributionTensor(st.independent(new st.Bernoulli({logits})), {
              estimator: 'scoreFunction',
              name: 'a',
            }),
        ),
      ).not.toThrow();
      critic.dispose!();
      w.dispose();
    });
  },
  {inNode: ['cpu']},
);

describeBackends(
  'replay of episodes that differ in length',
  () => {
    const lengths = [3, 1, 2, 3];
    const p = [0.3, -0.4, 0.5];
    const reward = (t: number): number => [1, -2, 1.5][t]!;
    /**
     * Independent bits x0, x1, …; each costs reward(t)·x. Q of step t is its own cost and what is expected of the later
     * ones, in episodes of that length.
     */
    const train = (
      config: Partial<st.CriticConfig>,
      steps = 160,
    ): {table: st.Tabular; tensors: number[]; critic: st.Estimator} => {
      st.random.setSeed(8);
      const table = st.tabular({contexts: 4});
      let length = 0;
      const critic = st.critic({
        target: 'td',
        network: table,
        context: ({shape}) => tf.fill([...shape], length),
        ...config,
      });
      const logits = tf.tidy(() => tf.variable(tf.tile(tf.tensor2d([p]), [30, 1])));
      const optimizer = st.stochasticOptimizer(tf.train.sgd(0), {controlVariateOptimizer: tf.train.sgd(0.6)});
      const tensors: number[] = [];
      for (let i = 0; i < steps; i++) {
        length = lengths[i % lengths.length]!;
        optimizer.minimize(
          () => {
            let before: tf.Tensor = tf.zeros([30]);
            return Array.from({length}, (_, t) => {
              const x = new st.DistributionTensor(
                new st.Bernoulli({logits: tf.add(column(logits, t), tf.mul(0, before))}),
                {estimator: critic, name: `x${t}`},
              ).value;
              before = x;
              return tf.mul(x, reward(t));
            });
          },
          false,
          [logits],
        );
        tensors.push(tf.memory().numTensors);
      }
      optimizer.dispose();
      logits.dispose();
      return {table, tensors, critic};
    };

    it('learns with td what follows in each, and keeps a bounded number of tensors', () => {
      const before = tf.memory().numTensors;
      const {table, tensors, critic} = train({replay: {capacity: 200, batch: 60, key: st.random.key(2)}});
      for (let t = 0; t < 3; t++) {
        const q = tf.tidy(() => table.table(`x${t}`)!.arraySync() as number[][]);
        for (const length of [1, 2, 3].filter(l => l > t)) {
          const later = [0, 1, 2].slice(t + 1, length).reduce((sum, s) => sum + sigmoid(p[s]!) * reward(s), 0);
          [0, 1].forEach(x =>
            expect(Math.abs(q[length]![x]! - (x * reward(t) + later)))
              .withContext(`x${t} = ${x} of ${length}`)
              .toBeLessThan(0.25),
          );
        }
      }
      expect(tensors[159]! - tensors[119]!).toBeLessThanOrEqual(0);
      critic.dispose!();
      table.dispose();
      expect(tf.memory().numTensors).toBe(before);
    });

    it('gives up the kinds of transitions that do not come again', () => {
      const critic = st.critic({target: 'td', units: [2], replay: {capacity: 10, batch: 4}});
      const w = tf.tidy(() => tf.variable(tf.zeros([2])));
      const made: number[] = [];
      const before = tf.memory().numTensors;
      for (let i = 0; i < 40; i++) {
        const {grads, value} = st.variableGrads(() => {
          const a = new st.DistributionTensor(new st.Bernoulli({logits: w}), {estimator: critic, name: 'a'});
          const others = Array.from(
            {length: i % 20},
            (_, k) =>
              new st.DistributionTensor(new st.Bernoulli({logits: tf.add(w, tf.mul(a.value, 0.1))}), {
                estimator: critic,
                name: `b${k}`,
              }),
          );
          return [tf.mul(a.value, 2), ...others.map(b => tf.mul(b.value, 1))];
        }, [w]);
        tf.dispose({...grads, value});
        made.push(tf.memory().numTensors);
      }
      expect(made[39]! - made[19]!).toBeLessThan(30);
      critic.dispose!();
      expect(tf.memory().numTensors).toBe(before);
      w.dispose();
    });
  },
  {inNode: ['cpu']},
);
