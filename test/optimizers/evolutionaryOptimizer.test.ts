import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends} from '../helpers/backends.js';

/** What holds for all optimizers that ask and tell. */
let sgd: tf.Optimizer;
const makers: Record<string, (variables: tf.Variable[]) => st.EvolutionaryOptimizer> = {
  evolutionStrategies: variables => st.evolutionStrategies({variables, population: 20, sigma: 0.1, optimizer: sgd}),
  'evolutionStrategies with its own optimizer': variables =>
    st.evolutionStrategies({variables, population: 10, rankShaping: true}),
  crossEntropyMethod: variables => st.crossEntropyMethod({variables, population: 40, sigma: 2, eliteFraction: 0.25}),
  'crossEntropyMethod, full': variables =>
    st.crossEntropyMethod({variables, population: 60, sigma: 2, covariance: 'full', eliteFraction: 0.3}),
  cmaEs: variables => st.cmaEs({variables}),
  'cmaEs, diagonal': variables => st.cmaEs({variables, covariance: 'diagonal'}),
};

const key = st.random.key(8);
/** Its values are on the host, which webgpu needs. */
const START = [2, -1, 0.5, 1.5];

for (const [name, make] of Object.entries(makers)) {
  describeBackends(
    `asking and telling: ${name}`,
    () => {
      let [a, b]: tf.Variable[] = [];
      let optimizer: st.EvolutionaryOptimizer;
      let before = 0;
      beforeAll(() => {
        sgd = tf.train.sgd(0.1);
      });
      afterAll(() => sgd.dispose());
      beforeEach(async () => {
        before = tf.memory().numTensors;
        [a, b] = tf.tidy(() => [
          tf.variable(tf.tensor2d(START.slice(0, 3), [1, 3])),
          tf.variable(tf.scalar(START[3]!)),
        ]);
        optimizer = make([a, b]);
        if ('prepare' in optimizer) await (optimizer as st.NormalSearch).prepare();
      });
      afterEach(() => {
        optimizer.dispose();
        tf.dispose([a!, b!]);
        expect(tf.memory().numTensors).withContext('tensors left').toBe(before);
      });

      const place = async (): Promise<number[]> => [...(await a!.data()), ...(await b!.data())];
      /** A cost as a number, a tensor, or a promise of either: the squared distance to (0, 1, 0, 1). */
      const tensorCost = (): tf.Scalar => tf.add(tf.sum(tf.square(tf.sub(a!, [[0, 1, 0]]))), tf.square(tf.sub(b!, 1)));
      const promisedCost = async (): Promise<number> => {
        const [x, y] = [await a!.data(), await b!.data()];
        return x[0]! ** 2 + (x[1]! - 1) ** 2 + x[2]! ** 2 + (y[0]! - 1) ** 2;
      };

      it('comes nearer to the least cost', async () => {
        const start = await promisedCost();
        for (let i = 0; i < 60; i++) await optimizer.minimize(promisedCost, {key: st.random.foldIn(key, i)});
        expect(await promisedCost()).toBeLessThan(name.endsWith('own optimizer') ? 0.9 * start : 0.1 * start);
        expect(optimizer.generations).toBe(60);
      });

      it('goes the same way with a function that returns tensors, promises of numbers, and promises of tensors', async () => {
        const ways: Array<() => Promise<unknown>> = [
          () => optimizer.minimize(promisedCost, {key}),
          () => optimizer.minimize(() => Promise.resolve(tf.tidy(tensorCost)), {key}),
        ];
        if (tf.getBackend() !== 'webgpu') ways.push(() => Promise.resolve(optimizer.minimize(tensorCost, {key})));
        const places: number[][] = [];
        for (const way of ways) {
          tf.tidy(() => {
            a!.assign(tf.tensor2d(START.slice(0, 3), [1, 3]));
            b!.assign(tf.scalar(START[3]!));
          });
          optimizer.dispose();
          optimizer = make([a!, b!]);
          if ('prepare' in optimizer) await (optimizer as st.NormalSearch).prepare();
          const tensors = tf.memory().numTensors;
          await way();
          // an optimizer of tfjs makes its moments at the first step
          if (!name.endsWith('own optimizer')) expect(tf.memory().numTensors).toBe(tensors);
          places.push(await place());
        }
        for (const other of places.slice(1)) other.forEach((v, i) => expect(v).toBeCloseTo(places[0]![i]!, 3));
        expect(places[0]).not.toEqual(START);
      });

      it('rebuilds a candidate from its message, on another worker', async () => {
        const mirror = tf.tidy(() => [
          tf.variable(tf.tensor2d(START.slice(0, 3), [1, 3])),
          tf.variable(tf.scalar(START[3]!)),
        ]);
        const worker = make(mirror);
        if ('prepare' in worker) await (worker as st.NormalSearch).prepare();
        const cost = (variables: readonly tf.Variable[]) => async (): Promise<number> => {
          const values = [...(await variables[0]!.data()), ...(await variables[1]!.data())];
          return values.reduce((sum, v, i) => sum + (i + 1) * v * v, 0);
        };
        for (let generation = 0; generation < 3; generation++) {
          const forGeneration = {key: st.random.foldIn(key, generation)};
          const candidates = optimizer.ask(forGeneration);
          const messages = JSON.stringify(candidates);
          const costs: number[] = [];
          for (const candidate of JSON.parse(messages) as st.Candidate[])
            costs.push(await worker.evaluate(candidate, cost(mirror)));
          for (const [i, candidate] of candidates.entries())
            expect(await optimizer.evaluate(candidate, cost([a!, b!]))).toBe(costs[i]!);
          // the worker asks and is told the same, and so follows
          expect(JSON.stringify(worker.ask(forGeneration))).toBe(messages);
          expect(worker.tell(JSON.parse(JSON.stringify(costs)) as number[])).toEqual(optimizer.tell(costs));
        }
        expect([...(await mirror[0]!.data()), ...(await mirror[1]!.data())]).toEqual(await place());
        worker.dispose();
        tf.dispose(mirror);
      });

      it('gives the values of a candidate as tensors of the variables’ shapes', async () => {
        const [candidate] = optimizer.ask({key});
        const values = optimizer.perturb(candidate!);
        expect(values.map(v => v.shape)).toEqual([[1, 3], []]);
        const seen = await optimizer.evaluate(candidate!, async () => (await a!.data())[2]!);
        expect((await values[0]!.data())[2]!).toBeCloseTo(seen, 5);
        tf.dispose(values);
      });

      it('leaves alone a tensor of the user’s that f returns', () => {
        if (tf.getBackend() === 'webgpu') return; // there f may not return a tensor at once
        optimizer.evaluate(optimizer.ask({key})[0]!, () => b!);
        expect(b!.isDisposed).toBeFalse();
        expect(b!.dataSync()[0]).toBe(START[3]);
      });

      it('puts the variables back and leaves nothing behind where f throws or rejects', async () => {
        const tensors = tf.memory().numTensors;
        let calls = 0;
        const failing = (): number => {
          tf.add(a!, 1);
          if (++calls > 3) throw new Error('out of order');
          return calls;
        };
        expect(() => optimizer.minimize(failing)).toThrowError('out of order');
        expect(await place()).toEqual(START);
        const rejecting = async (): Promise<number> => {
          await Promise.resolve();
          if (++calls > 8) throw new Error('no answer');
          return calls;
        };
        await expectAsync(optimizer.minimize(rejecting)).toBeRejectedWithError('no answer');
        expect(await place()).toEqual(START);
        expect(tf.memory().numTensors).toBe(tensors);
        expect(optimizer.generations).toBe(0);
        await optimizer.minimize(promisedCost);
        expect(optimizer.generations).toBe(1);
      });

      it('keeps alive what an asynchronous f has made before its first await', async () => {
        const f = async (): Promise<number> => {
          const x = tf.add(a!, 1);
          await Promise.resolve();
          const first = (await x.data())[0]!;
          x.dispose();
          return first;
        };
        const [candidate] = optimizer.ask({key});
        const tensors = tf.memory().numTensors;
        expect(await optimizer.evaluate(candidate!, f)).toBeCloseTo(
          1 + (await optimizer.evaluate(candidate!, async () => (await a!.data())[0]!)),
          5,
        );
        expect(tf.memory().numTensors).toBe(tensors);
      });

      it('says what is wrong, and changes nothing', async () => {
        expect(() => optimizer.tell([1])).toThrowError(/: tell needs candidates: call ask first$/);
        const candidates = optimizer.ask({key});
        const costs = candidates.map((_, i) => i);
        const wrong: Array<[unknown, RegExp]> = [
          [
            costs.slice(1),
            new RegExp(`: needs one cost for each of the ${costs.length} candidates, got ${costs.length - 1}$`),
          ],
          [[...costs, 1], /needs one cost for each/],
          [7, /needs one cost for each of the \d+ candidates, got 7$/],
          [costs.map(c => (c === 2 ? NaN : c)), /: costs must be numbers; the cost of candidate 2 is not, got NaN$/],
          [costs.map(c => (c === 1 ? '1' : c)), /the cost of candidate 1 is not, got "1"$/],
        ];
        for (const [list, message] of wrong) expect(() => optimizer.tell(list as number[])).toThrowError(message);
        expect(await place()).toEqual(START);
        expect(() => optimizer.minimize(3 as never)).toThrowError(/: f must be a function that returns a cost, got 3$/);
        expect(() => optimizer.minimize((() => 'high') as never)).toThrowError(
          /: f must return a number or a tensor of one element, or a promise of one, got "high"$/,
        );
        expect(() => optimizer.minimize(() => a as tf.Tensor)).toThrowError(/got a float32 tensor of shape \[1,3\]$/);
        await expectAsync(optimizer.minimize(() => Promise.resolve(null as never))).toBeRejectedWithError(
          /, got null$/,
        );
        expect(() => optimizer.minimize(() => NaN)).toThrowError(/the cost of candidate 0 is not, got NaN$/);
        expect(() => optimizer.ask({keys: key} as never)).toThrowError(
          /: unknown option "keys"; did you mean "key"\?$/,
        );
        expect(() => optimizer.ask({key: 3 as never})).toThrowError(/: key must come from random.key, got 3$/);
        expect(() => optimizer.perturb({key} as never)).toThrowError(
          /: a candidate must come from ask, got an object with keys key$/,
        );
        const slow = optimizer.minimize(promisedCost);
        expect(() => optimizer.minimize(promisedCost)).toThrowError(
          /: another evaluation is not over yet: await it first$/,
        );
        await slow;
        expect(optimizer.generations).toBe(1);
      });

      it('returns mean and least of the costs', () => {
        const costs = optimizer.ask({key}).map((_, i) => (i === 3 ? -7 : i));
        const {mean, best} = optimizer.tell(Float32Array.from(costs));
        expect(best).toBe(-7);
        expect(mean).toBeCloseTo(costs.reduce((s, c) => s + c, 0) / costs.length, 5);
      });
    },
    {inBrief: name === 'cmaEs' ? ['webgl', 'webgpu'] : []},
  );
}

describe('st.optimizers', () => {
  beforeAll(() => tf.setBackend('cpu'));

  it('holds the optimizers by their factories', () => {
    expect(st.optimizers).toEqual(
      jasmine.objectContaining({
        evolutionStrategies: st.evolutionStrategies,
        crossEntropyMethod: st.crossEntropyMethod,
        cmaEs: st.cmaEs,
        stochasticOptimizer: st.stochasticOptimizer,
      }),
    );
  });

  it('makes each with an empty config', async () => {
    const w = tf.tidy(() => tf.variable(tf.tensor1d([3, 4])));
    for (const make of [st.optimizers.evolutionStrategies, st.optimizers.crossEntropyMethod, st.optimizers.cmaEs]) {
      const optimizer = make();
      const {best} = await optimizer.minimize(async () => (await w.data())[0]!);
      expect(best).toBeLessThan(5);
      optimizer.dispose();
    }
    w.dispose();
  });
});

describeBackends(
  'evolutionary optimizers without a list of variables',
  () => {
    it('take all trainable ones, but refuse the counters that an Adam keeps among them', () => {
      tf.disposeVariables(); // of other specs
      const w = tf.variable(tf.zeros([3]));
      const pairs = [
        [0, 0.5],
        [0.3, 0.7],
        [0.5, 0.5],
        [0.9, 0.99],
        [0, 0],
      ].flatMap(pair => pair.map(x => tf.variable(tf.scalar(x)))); // none is a pair of counters
      const all = st.cmaEs({});
      expect(all.mean.length).toBe(13);
      const adam = tf.train.adam(0.1);
      for (let step = 0; step < 3; step++) adam.minimize(() => tf.sum(tf.square(w)), false, [w]);
      for (const make of [
        () => st.cmaEs({}),
        () => st.crossEntropyMethod({sigma: 1}),
        () => st.evolutionStrategies({}),
      ]) {
        expect(make).toThrowError(
          /: variables must be given: two of the trainable ones are the counters of an Adam optimizer, which must not be searched, got \["\d+", "\d+"\]$/,
        );
      }
      expect(st.cmaEs({variables: [w]}).mean.length).toBe(3);
      all.dispose();
      adam.dispose();
      tf.dispose([w, pairs]);
    });
  },
  {inBrief: ['webgl'], inNode: ['cpu']},
);
