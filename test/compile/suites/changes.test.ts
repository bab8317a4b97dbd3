/** What changes outside a recorded step, or by its own doing, must be seen: the numbers stay those of the step as it is written. */
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import * as stl from 'tfjs-stochastic/layers';
import {describeBackends} from '../../helpers/backends.js';
import {expectNear, read} from '../../helpers/near.js';
import {disposeOwnVariables} from '../../helpers/ownVariables.js';

/** A step with all that it needs, made anew for each run. */
interface Scenario {
  readonly step: (...args: never[]) => unknown;
  readonly args?: (call: number) => unknown[];
  /** Before each call. */
  readonly between?: (call: number) => void;
  readonly around?: (call: number, run: () => unknown) => unknown;
  /** What is compared beside results. */
  readonly state?: () => tf.Tensor[];
  readonly end?: () => void;
}

const CALLS = 16;

/** Numbers of results and state, call after call. */
async function numbersOf(make: () => Scenario, isCompiled: boolean): Promise<{numbers: number[][]; why: string[]}> {
  st.random.setSeed(11);
  const {step, args = () => [], between, around = (_, run) => run(), state = () => [], end} = make();
  const asWritten = step as (...given: unknown[]) => unknown;
  const compiled = st.compile(asWritten);
  const numbers: number[][] = [];
  for (let i = 0; i < CALLS; i++) {
    between?.(i);
    const given = args(i);
    const result = around(i, () => (isCompiled ? compiled(...given) : tf.tidy(() => asWritten(...given) as tf.Tensor)));
    numbers.push(await flat([result, given]));
    for (const t of state()) numbers.push(await read(tf.clone(t)));
    tf.dispose([result, given] as tf.TensorContainer[]);
  }
  const why = compiled.describe().map(({state: found, why: reason}) => reason ?? found);
  compiled.dispose();
  end?.();
  return {numbers, why};
}

async function flat(value: unknown): Promise<number[]> {
  if (typeof value === 'number') return [value];
  if (value instanceof tf.Tensor) return read(tf.clone(value as tf.Tensor));
  if (typeof value !== 'object' || value === null) return [];
  return (await Promise.all(Object.values(value).map(flat))).flat();
}

const pair = (i: number): tf.Tensor[] => [tf.tensor1d([i % 3, 1])];
const halves = (i: number): tf.Tensor[] => [tf.tensor2d([[i / 8, 1, 0.5]])];

const dense = (units: number, seed: number): tfl.LayersModel => {
  const kernelInitializer = tfl.initializers.glorotNormal({seed});
  const [x, hidden, last] = [
    tfl.input({shape: [3]}),
    tfl.layers.dense({units, kernelInitializer}),
    tfl.layers.dense({units: 1, kernelInitializer}),
  ];
  return tfl.model({inputs: x, outputs: last.apply(hidden.apply(x)) as tfl.SymbolicTensor});
};

const scenarios: ReadonlyArray<readonly [what: string, make: () => Scenario, why: ReadonlyArray<RegExp | string>]> = [
  [
    'layers that are frozen and thawed',
    () => {
      const model = dense(4, 3);
      const optimizer = st.stochasticOptimizer(tf.train.adam(0.01));
      return {
        step: (x: tf.Tensor) => optimizer.minimize(() => tf.mean(tf.square(model.apply(x) as tf.Tensor)), true),
        args: halves,
        between: i => void (model.layers[1]!.trainable = i < 6 || i > 11),
        state: () => model.getWeights(),
        end: () => {
          model.dispose();
          optimizer.dispose();
        },
      };
    },
    ['recorded'],
  ],
  [
    'a variable in the place of another',
    () => {
      const v = tf.tidy(() => tf.variable(tf.scalar(1)));
      const spare = tf.tidy(() => tf.variable(tf.scalar(1)));
      const late: tf.Variable[] = [];
      const optimizer = tf.train.sgd(0.1);
      return {
        step: () => optimizer.minimize(() => tf.sum(tf.square(tf.addN([v, ...late] as tf.Tensor[]))), true),
        between: i => {
          if (i !== 8) return;
          spare.dispose();
          late.push(tf.tidy(() => tf.variable(tf.scalar(3))));
        },
        state: () => [v, ...late],
        end: () => tf.dispose([v, late] as tf.TensorContainer[]),
      };
    },
    ['recorded'],
  ],
  [
    'a switch of an optimizer',
    () => {
      const v = tf.tidy(() => tf.variable(tf.tensor1d([1, 2])));
      const optimizer = tf.train.momentum(0.1, 0.5);
      return {
        step: (x: tf.Tensor) => optimizer.minimize(() => tf.sum(tf.square(tf.sub(v, x))), true, [v]),
        args: pair,
        between: i => void ((optimizer as unknown as {useNesterov: boolean}).useNesterov = i > 8),
        state: () => [v],
        end: () => v.dispose(),
      };
    },
    ['recorded'],
  ],
  [
    'a list of its own that the step writes into',
    () => {
      const begin = [0];
      return {
        step: (x: tf.Tensor) => {
          begin[0] = 1 - begin[0]!;
          return tf.slice(x, begin, [1]);
        },
        args: pair,
      };
    },
    [/the attribute begin of its kernel 0, Slice, changes/],
  ],
  [
    'an argument that the step writes into',
    () => ({
      step: (given: {list: tf.Tensor[]; n?: number}) => {
        const [first] = given.list;
        given.list.reverse();
        given.n = 3;
        return tf.mul(first!, 2);
      },
      args: i => [{list: [tf.scalar(i), tf.scalar(-i)]}],
    }),
    [/it writes into an argument/],
  ],
  [
    'keys that are returned',
    () => ({
      step: (given: st.random.Key) => {
        const [next, own] = st.random.split(given, 2);
        return {next, x: st.random.uniform([2], {key: own!})};
      },
      args: i => [st.random.key(i < 5 ? 1 : i)],
    }),
    ['recorded'],
  ],
  ...['gumbelSoftmax', 'reinMax'].map(
    name =>
      [
        `a temperature that changes after some steps, ${name}`,
        () => {
          const v = tf.tidy(() => tf.variable(tf.tensor1d([0.3, 0.2])));
          const optimizer = st.stochasticOptimizer(tf.train.sgd(0.1));
          const estimator = st.estimators.get(name, {temperature: (step: number) => (step < 7 ? 1 : 0.5)});
          return {
            step: () =>
              optimizer.minimize(
                () => {
                  const b = new st.DistributionTensor(new st.OneHotCategorical({logits: v}), {estimator});
                  return tf.sum(tf.square(tf.sub(b.value, 0.3)));
                },
                true,
                [v],
              ),
            state: () => [v],
            end: () => {
              v.dispose();
              optimizer.dispose();
            },
          };
        },
        ['recorded'],
      ] as const,
  ),
  [
    'the weight of a divergence, by a schedule and by hand',
    () => {
      const klWeight = stl.klSchedule.cyclical({period: 8});
      const layer = stl.denseReparameterization({units: 2, inputShape: [3], klWeight});
      const x = tfl.input({shape: [3]});
      const model = tfl.model({inputs: x, outputs: layer.apply(x) as tfl.SymbolicTensor});
      const before = model.getWeights();
      model.setWeights(before.map(w => (w.dtype === 'int32' ? w : tf.fill(w.shape, 0.3))));
      const optimizer = st.stochasticOptimizer(tf.train.sgd(0.01));
      return {
        step: (given: tf.Tensor) =>
          optimizer.minimize(() => {
            const loss = tf.mean(tf.square(model.apply(given, {training: true}) as tf.Tensor));
            return model.calculateLosses().reduce((sum: tf.Tensor, cost) => tf.add(sum, cost), loss);
          }, true),
        args: halves,
        between: i => {
          if (i === 13) layer.klWeight = 0.125;
        },
        state: () => model.getWeights(),
        end: () => {
          model.dispose();
          optimizer.dispose();
        },
      };
    },
    ['recorded'],
  ],
  [
    'a state on the host that a layer says it keeps',
    () => {
      const counter = {n: 0};
      return {
        step: (x: tf.Tensor) => {
          const state = {read: () => counter.n, write: (n: number) => void (counter.n = n)};
          st.extension.noteHostState(counter, state);
          counter.n++;
          return tf.mul(x, counter.n > 7 ? 2 : 1);
        },
        args: pair,
      };
    },
    [/keeps a state on the host/],
  ],
  [
    'frozen state around calls',
    () => {
      const v = tf.tidy(() => tf.variable(tf.tensor1d([0.3, 0.2])));
      const optimizer = st.stochasticOptimizer(tf.train.sgd(0.1));
      return {
        step: () =>
          optimizer.minimize(
            () => {
              const b = new st.DistributionTensor(new st.Bernoulli({logits: v}), {estimator: 'movingAverage'});
              return tf.square(tf.sub(b.value, 0.3));
            },
            true,
            [v],
          ),
        around: (i, run) => (i > 6 && i < 13 ? st.withFrozenState(run) : run()),
        state: () => [v],
        end: () => {
          v.dispose();
          optimizer.dispose();
        },
      };
    },
    ['recorded', 'recorded'],
  ],
  [
    'a type of values around calls',
    () => ({
      step: (x: tf.Tensor) => tf.clone(new st.DistributionTensor(new st.Normal({loc: x, scale: 1})).value),
      args: pair,
      around: (i, run) => (i > 6 ? st.withValueType(st.meanValue(), run) : run()),
    }),
    ['recorded', 'recorded'],
  ],
];

describeBackends('what changes around recorded steps', backend => {
  disposeOwnVariables();

  for (const [what, make, why] of scenarios)
    it(what, async () => {
      const plain = await numbersOf(make, false);
      const warn = spyOn(console, 'warn');
      const recorded = await numbersOf(make, true);
      expect(recorded.why.length).toBe(why.length);
      recorded.why.forEach((found, i) => expect(found).toMatch(why[i]!));
      expect(warn.calls.count()).toBe(why.filter(text => text !== 'recorded').length);
      plain.numbers.forEach((list, i) => expectNear(recorded.numbers[i]!, list, `numbers ${i}`));
    });

  it('a learning rate that falls from time to time', async () => {
    const v = tf.tidy(() => tf.variable(tf.scalar(1)));
    const optimizer = tf.train.adagrad(0.5);
    const compiled = st.compile(() => void optimizer.minimize(() => tf.square(v), false, [v]));
    for (let i = 0; i < 290; i++) {
      if (i % 25 === 24) (optimizer as unknown as {learningRate: number}).learningRate = 10 / i;
      compiled();
    }
    expect(compiled.describe().map(({state}) => state)).toEqual(['recorded']);
    compiled.dispose();
    v.dispose();
    await tf.ready();
  });

  it('tensors that lie on another backend', async () => {
    if (backend !== 'wasm') return;
    const warn = spyOn(console, 'warn');
    await tf.setBackend('cpu');
    const [v, c] = tf.tidy(() => [tf.variable(tf.tensor1d([1, 2])), tf.keep(tf.tensor1d([3, 4]))]);
    const x = tf.tensor1d([5, 6]);
    await tf.setBackend('wasm');
    const compiled = st.compile((given: tf.Tensor) => {
      v.assign(tf.add(v, c));
      return tf.mul(v, given);
    });
    for (let i = 1; i < 8; i++) {
      if (i === 5) {
        await tf.setBackend('cpu');
        v.assign(tf.add(v, 0));
        await tf.setBackend('wasm');
      }
      expectNear(await read(compiled(x)), [5 * (1 + 3 * i), 6 * (2 + 4 * i)], `call ${i}`);
    }
    expect(compiled.describe().map(({state}) => state)).toEqual(['recorded']);
    expect(warn).not.toHaveBeenCalled();
    compiled.dispose();
    tf.dispose([v, c, x]);
  });

  it('whole numbers that happen to be the same in two calls', async () => {
    if (backend === 'webgl' || backend === 'webgpu') return; // of JavaScript alone
    let count = 0;
    spyOn(Math, 'random').and.callFake(() => (++count % 5) / 5);
    const warn = spyOn(console, 'warn');
    const compiled = st.compile(() => (Math.random() < 0.7 ? tf.scalar(1) : tf.scalar(2)));
    for (let i = 1; i < 16; i++) expectNear(await read(compiled()), [(i % 5) / 5 < 0.7 ? 1 : 2], `call ${i}`);
    expect(warn.calls.allArgs().flat()).toEqual([jasmine.stringMatching(/it draws by Math.random/)]);
    compiled.dispose();
  });
});
