import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends} from '../helpers/backends.js';
import {read} from '../helpers/near.js';
import {chanceOf, exactGradient, follow, move, PLACES, policyAt, priceOf, STEPS, ways} from './chain.js';

const logits = [
  [0.3, -0.4],
  [-0.2, 0.9],
  [0.5, 0.1],
];

/** What one step's cost is said to depend on. */
type Credit = (parts: {state: tf.Tensor; action: st.DistributionTensor}) => st.DependsOn;
interface Way {
  /** Whether states are carried, and by what. */
  readonly state?: Credit | null;
  readonly cost?: Credit;
  readonly only?: boolean;
  /** Looks at nothing. */
  readonly isBlind?: boolean;
  /** Costs as they are returned. */
  readonly join?: (costs: tf.Tensor[]) => tf.Tensor | tf.Tensor[];
}

/** The mean estimate over all ways through the world, each in one row of a batch with its probability as a weight. */
async function meanGradient({
  state: carried = parts => [parts.state, parts.action],
  cost = parts => [parts.state, parts.action],
  only = false,
  isBlind = false,
  join = costs => costs,
}: Way = {}): Promise<number[]> {
  const table = tf.variable(tf.tensor2d(logits));
  const runs = ways.map(follow);
  // each row's gradient is weighted with its probability, which is what is estimated: the mean over rows times 8
  const chances = tf.tensor1d(ways.map(way => ways.length * chanceOf(way, logits)));
  const optimizer = st.stochasticOptimizer(tf.train.sgd(1)); // each warns once
  const {grads} = optimizer.computeGradients(() => {
    const at = (t: number): tf.Tensor => tf.tensor1d(runs.map(({places}) => places[t]!));
    let state = carried === null ? at(0) : st.carry(at(0), {dependsOn: []});
    const costs: tf.Tensor[] = [];
    for (let t = 0; t < STEPS; t++) {
      const action = new st.DistributionTensor(policyAt(table, isBlind ? at(t) : state), {
        estimator: 'scoreFunction',
        name: `action ${t}`,
        value: tf.tensor1d(
          ways.map(way => way[t]!),
          'int32',
        ),
      });
      const prices = tf.tensor1d(runs.map(run => run.costs[t]!));
      costs.push(tf.mul(chances, st.cost(prices, {dependsOn: cost({state, action}), name: `reward ${t}`, only})));
      state = carried === null ? at(t + 1) : st.carry(at(t + 1), {dependsOn: carried({state, action})});
    }
    return join(costs); // costs of each example, as everywhere
  }, [table]);
  const got = await read(grads[table.name]!);
  tf.dispose([table, chances]);
  return got;
}

const expectNear = (got: readonly number[], exact: readonly number[]): void =>
  exact.forEach((d, i) => expect(got[i]).toBeCloseTo(d, 5));
const isFar = (got: readonly number[], exact: readonly number[]): boolean =>
  exact.some((d, i) => Math.abs(d - got[i]!) > 0.05);

describeBackends(
  'carry',
  () => {
    let warned: string[];
    beforeEach(() => {
      warned = [];
      st.disposeSharedEstimators();
      spyOn(console, 'warn').and.callFake((message: string) => void warned.push(message));
    });
    const exact = exactGradient(logits);
    it('credits each action with all costs from its step on: the enumerated policy gradient', async () => {
      expectNear(await meanGradient(), exact);
      expectNear(await meanGradient({cost: ({action}) => action}), exact); // the policy has seen the state
      expectNear(await meanGradient({state: ({action}) => action}), exact);
      expectNear(await meanGradient({isBlind: true}), exact); // the state goes by the policy
      expectNear(await meanGradient({join: costs => tf.mean(tf.addN(costs))}), exact);
      expectNear(await meanGradient({join: costs => tf.addN(costs.map(c => tf.mean(c)))}), exact);
      expectNear(await meanGradient({cost: ({state, action}) => [state, action.value]}), exact);
      expect(warned).toEqual([]);
    });

    it('is asked for where costs leave out what was drawn before', async () => {
      const got = await meanGradient({state: null, cost: ({action}) => action});
      expect(isFar(got, exact)).toBeTrue();
      expect(warned.length).toBe(1);
      expect(warned[0]).toMatch(
        /the cost from outside "reward 1" depends on node "action 1" and not on node "action 0", .*st\.carry\(.*only: true/,
      );
      const scalar = await meanGradient({
        state: null,
        cost: ({action}) => action,
        join: costs => tf.addN(costs.map(c => tf.mean(c))),
      });
      expect(isFar(scalar, exact)).toBeTrue();
      expect(warned.length).toBe(2);
      await meanGradient({state: null, cost: ({action}) => action, only: true});
      expect(warned.length).toBe(2);
      expectNear(await meanGradient({state: null, cost: ({action}) => action, join: costs => tf.addN(costs)}), exact); // one cost of all
      expect(warned.length).toBe(2);
    });

    it('is asked for where the code runs once for each sample, and not where it carries', () => {
      const w = tf.variable(tf.zeros([2]));
      const run = (isCarried: boolean): void => {
        const optimizer = st.stochasticOptimizer(tf.train.sgd(1)); // each warns once
        optimizer.computeGradients(() => {
          const before: tf.Tensor[] = [];
          return [0, 1, 2].map(t => {
            const logits = isCarried && t > 0 ? tf.add(w, before.at(-1)!) : w;
            const make = (): st.DistributionTensor =>
              new st.DistributionTensor(new st.Bernoulli({logits}), {estimator: 'leaveOneOut', name: `a${t}`});
            const {value} = st.extension.sampleInTurn(make);
            before.push(value);
            return st.cost([t, 1], {dependsOn: isCarried ? [...before] : value});
          });
        }, [w]);
      };
      run(true);
      expect(warned).toEqual([]);
      run(false);
      expect(warned.length).toBe(1);
      w.dispose();
    });

    it('is asked for where costs hang on the last few actions only, and in scopes of tfjs', () => {
      const w = tf.variable(tf.zeros([2]));
      const act = (i: number): st.DistributionTensor =>
        new st.DistributionTensor(new st.Bernoulli({logits: w}), {estimator: 'scoreFunction', name: `a${i}`});
      const run = (f: () => tf.Tensor[]): void =>
        st.stochasticOptimizer(tf.train.sgd(1)).computeGradients(f, [w]) && undefined;
      run(() => {
        const a = [act(0), act(1), act(2)];
        return a.map((_, t) => st.cost([1, 2], {dependsOn: a.slice(Math.max(0, t - 1), t + 1)}));
      });
      expect(warned.length).toBe(1);
      expect(warned[0]).toMatch(/depends on node "a2" and not on node "a0"/);
      tf.variableGrads(() => {
        const a = [act(0), act(1)];
        return tf.mean(st.surrogateLoss(a.map(x => st.cost([1, 2], {dependsOn: x}))));
      }, [w]);
      expect(warned.length).toBe(2);
      // one episode after the other, each with all that bears on its costs
      run(() =>
        [0, 1].flatMap(e => {
          const a = [act(2 * e), act(2 * e + 1)];
          return a.map((_, t) => st.cost([1, 2], {dependsOn: a.slice(0, t + 1)}));
        }),
      );
      // nothing of it from outside
      run(() => [act(0), act(1)].map(({value}) => tf.square(value)));
      // two costs of one node, and a cost of a later node that hangs on an earlier one by its parameters
      run(() => {
        const a = act(0);
        const b = new st.DistributionTensor(new st.Bernoulli({logits: tf.add(w, a.value)}), {
          estimator: 'scoreFunction',
        });
        return [a, a, b].map(x => st.cost([1, 2], {dependsOn: x}));
      });
      expect(warned.length).toBe(2);
      w.dispose();
    });

    it('aligns a state with samples and batch, and credits each draw with its own row', async () => {
      for (const [samples, batch, features] of [
        [2, 3, 4],
        [3, 3, 3],
      ] as const) {
        const w = tf.variable(tf.tensor1d(Array.from({length: batch}, (_, i) => 0.2 * i)));
        const prices = Array.from({length: samples}, (_, s) =>
          Array.from({length: batch}, (__, b) => 1 + s * batch + b),
        );
        const at = (join: (a: st.DistributionTensor) => tf.Tensor): Promise<number[]> =>
          read(
            st.variableGrads(() => {
              const a = new st.DistributionTensor(new st.Bernoulli({logits: w}), {
                estimator: 'scoreFunction',
                key: st.random.key(5),
                valueType: st.sampleValue(samples),
              });
              return join(a);
            }, [w]).grads[w.name]!,
          );
        const exact = await at(a => st.cost(prices, {dependsOn: a}));
        const state = prices.map(row => row.map(p => new Array<number>(features).fill(p / features)));
        const ways: Array<(a: st.DistributionTensor) => tf.Tensor> = [
          a => tf.sum(st.carry(state, {dependsOn: a}), -1),
          a => tf.sum(st.carry(tf.tensor3d(state), {dependsOn: [a.value]}), -1),
          a => tf.sum(st.carry(st.carry(state, {dependsOn: a}), {dependsOn: st.carry(state, {dependsOn: a})}), -1),
          a => st.cost(prices, {dependsOn: st.carry(state, {dependsOn: a})}),
        ];
        for (const way of ways) (await at(way)).forEach((d, i) => expect(d).toBeCloseTo(exact[i]!, 4));
        w.dispose();
      }
    });

    it('has the samples of its actions in front of worlds that began without, of as many or of others', async () => {
      const table = tf.variable(tf.tensor2d(logits));
      for (const start of [[2], [3], [1, 3], [1], []]) {
        const worlds = start.at(-1) ?? 1;
        const grads = st.variableGrads(() => {
          let places = new Array<number>(worlds).fill(0);
          let state = st.carry(tf.zeros(start), {dependsOn: []});
          return Array.from({length: STEPS}, (_, t) => {
            const chosen = tf.expandDims(tf.oneHot(tf.cast(state, 'int32'), PLACES), -1);
            const q = new st.Categorical({logits: tf.sum(tf.mul(chosen, table), -2)});
            const action = new st.DistributionTensor(q, {estimator: 'enumerate', name: `action ${t}`});
            const {shape} = action.value;
            const moves = [...action.value.dataSync()];
            const before = moves.map((__, i) => places[i % places.length]!); // samples stand in front
            const prices = tf.tensor(
              moves.map((a, i) => priceOf(before[i]!, a, t)),
              shape,
            );
            places = moves.map((a, i) => move(before[i]!, a));
            const reward = st.cost(prices, {dependsOn: [state, action]});
            state = st.carry(tf.tensor(places, shape), {dependsOn: [state, action]});
            return reward;
          });
        }, [table]).grads;
        expectNear(await read(grads[table.name]!), exact);
      }
      table.dispose();
    });

    it('takes one world for all, a world without a batch, and what random layers gave out', async () => {
      const w = tf.variable(tf.tensor1d([0.2, -0.3]));
      const at = async (q: () => st.Distribution, f: (a: st.DistributionTensor) => tf.Tensor): Promise<number[]> =>
        read(
          st.variableGrads(
            () => f(new st.DistributionTensor(q(), {estimator: 'scoreFunction', key: st.random.key(5)})),
            [w],
          ).grads[w.name]!,
        );
      const each = (): st.Distribution => new st.Bernoulli({logits: w});
      const whole = (): st.Distribution => st.independent(each(), 1);
      const near = (a: readonly number[], b: readonly number[]): void =>
        b.forEach((d, i) => expect(a[i]).toBeCloseTo(d, 5));
      near(
        await at(each, a => tf.sum(st.carry([[3, 4, 5]], {dependsOn: a}), -1)),
        await at(each, a => st.cost([12], {dependsOn: a})),
      );
      near(
        await at(whole, a => tf.sum(st.carry([3, 4], {dependsOn: a}))),
        await at(whole, a => st.cost(7, {dependsOn: a})),
      );
      near(
        await at(each, a => tf.sum(st.carry([[3], [4]], {dependsOn: tf.mul(a.value, 2)}), -1)),
        await at(each, a => st.cost([3, 4], {dependsOn: a})),
      );
      w.dispose();
    });

    it('is a constant of its numbers and its dtype, leaves nothing behind, and has no derivative', async () => {
      const before = tf.memory().numTensors;
      const places = tf.tensor1d([1, 2], 'int32');
      const state = st.carry(places, {dependsOn: []});
      expect(state.dtype).toBe('int32');
      expect(await read(state)).toEqual([1, 2]);
      const x = tf.tensor1d([Infinity, 2]);
      expect(await read(st.carry([1, 2], {dependsOn: x}))).toEqual([1, 2]);
      expect(await read(st.cost([1, 2], {dependsOn: x}))).toEqual([1, 2]);
      tf.dispose([places, x]);
      expect(tf.memory().numTensors).toBe(before);
    });

    it('refuses what does not fit', () => {
      tf.tidy(() => {
        const a = new st.DistributionTensor(new st.Bernoulli({logits: tf.zeros([3])}));
        const before = tf.memory().numTensors;
        expect(() => st.carry([1, 2], {dependsOn: a})).toThrowError(
          /^carry: the state must have the axes \[3\] of node "Bernoulli" in front, or 1 where one state serves all/,
        );
        expect(() => st.carry([1, 2], {dependsOn: tf.keep(tf.zeros([3]))})).toThrowError(
          /^carry: a tensor in dependsOn must/,
        );
        expect(() => st.carry([1, NaN], {dependsOn: []})).toThrowError('carry: values must be finite numbers, got NaN');
        expect(() => st.carry([1], undefined as never)).toThrowError(
          /^carry: what the state came of is missing: write/,
        );
        expect(() => st.carry([1], {} as never)).toThrowError(/^carry: dependsOn is missing: write/);
        expect(() => st.carry([1], {dependsOn: [null as never]})).toThrowError(/^carry: dependsOn: must be a Dist/);
        expect(tf.memory().numTensors).toBe(before + 1);
      });
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
