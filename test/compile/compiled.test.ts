import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends, sizeFor} from '../helpers/backends.js';
import {expectNear, read} from '../helpers/near.js';
import {disposeOwnVariables} from '../helpers/ownVariables.js';

const near = (actual: number[], expected: number[], what = 'numbers'): void => expectNear(actual, expected, what);

/** What a variable holds. */
const valueOf = async (v: tf.Tensor): Promise<number[]> => read(tf.clone(v));

/** Runs `fn` and gives what was warned of meanwhile. */
async function warningsOf(fn: () => Promise<void> | void): Promise<string[]> {
  const warn = spyOn(console, 'warn');
  await fn();
  return warn.calls.allArgs().map(([text]) => String(text));
}

const stateOf = (compiled: {describe(): st.RecordingDescription[]}): string[] =>
  compiled.describe().map(({state}) => state);

/** Calls the step as it is written and compiled, and expects the same numbers; every call must have been recorded in the end. */
async function expectSame<A extends unknown[]>(
  step: (...args: A) => tf.Tensor | tf.Tensor[] | Record<string, tf.Tensor>,
  callWith: ReadonlyArray<() => A>,
  before: () => void = () => undefined,
): Promise<void> {
  const numbers = async (
    f: (...args: A) => tf.Tensor | tf.Tensor[] | Record<string, tf.Tensor>,
  ): Promise<number[][]> => {
    st.random.setSeed(3);
    before();
    const all: number[][] = [];
    for (const args of callWith) {
      const given = args();
      const result = f(...given);
      const tensors = result instanceof tf.Tensor ? [result] : Object.values(result);
      for (const t of tensors) all.push(await read(t));
      tf.dispose([result, given] as tf.TensorContainer[]);
    }
    return all;
  };
  const plain = await numbers((...args: A) => tf.tidy(() => step(...args)));
  const compiled = st.compile(step);
  const recorded = await numbers(compiled);
  expect(stateOf(compiled)).toEqual(['recorded']);
  compiled.dispose();
  expect(recorded.length).toBe(plain.length);
  plain.forEach((list, i) => near(recorded[i]!, list, `result ${i}`));
}

const vector =
  (...values: number[]) =>
  (): [tf.Tensor] => [tf.tensor1d(values)];
const none = Array.from({length: 5}, () => (): [] => []);
const calls = [vector(1, 2), vector(3, -1), vector(0.5, 0.25), vector(-2, 4), vector(1, 1)];

describeBackends('compile', backend => {
  disposeOwnVariables();

  const inScope = (body: () => Promise<void>) => async (): Promise<void> => {
    const before = tf.memory().numTensors;
    await body();
    expect(tf.memory().numTensors).toBe(before);
  };

  it(
    'gives what the function gives, for all structures of results',
    inScope(async () => {
      await expectSame(x => tf.add(tf.mul(x, 2), 1), calls);
      await expectSame(x => [tf.square(x), tf.sum(x)], calls);
      await expectSame(
        x => ({a: tf.reshape(x, [2, 1]), b: tf.matMul(tf.reshape(x, [1, 2]), tf.reshape(x, [2, 1]))}),
        calls,
      );
      await expectSame(x => tf.clone(x), calls);
      await expectSame(() => tf.scalar(3), none);
    }),
  );

  it(
    'draws on from call to call as the step as it is written does',
    inScope(async () => {
      await expectSame(x => tf.add(st.random.normal([2]), x), calls);
      await expectSame(x => st.random.gamma([2], {concentration: tf.add(tf.abs(x), 1)}), calls);
      await expectSame(() => st.random.bernoulli([20], {probs: 0.5}), none);
      await expectSame(() => st.random.categorical([20], {probs: [0.2, 0.3, 0.5]}), none);
      await expectSame(() => st.random.poisson([20], {rate: 3}), none);
      await expectSame(x => new st.Normal({loc: x, scale: 1}).sample([3]), calls);
      await expectSame(() => st.random.permutation(7), none);
      await expectSame(x => st.random.permutation(x), calls);
      await expectSame(() => st.random.uniform([3], {low: 1, high: 4, dtype: 'int32'}), none);
      await expectSame(() => new st.Multinomial({totalCount: 5, probs: [0.2, 0.3, 0.5]}).sample([4]), none);
      await expectSame(() => st.random.withoutReplacement([3], {logits: [0.2, 0.3, 0.5], k: 2}), none);
    }),
  );

  it(
    'takes keys from its arguments',
    inScope(async () => {
      const keys = [1, 2, 3, 4, 5].map(seed => (): [st.random.Key] => [st.random.key(seed)]);
      await expectSame(key => st.random.normal([4], {key}), keys);
      await expectSame(key => {
        const [a, b] = st.random.split(key, 2);
        return [st.random.uniform([4], {key: a!}), st.random.normal([4], {key: st.random.foldIn(b!, 3)})];
      }, keys);
    }),
  );

  it('keeps a constant key, and says so', async () => {
    const key = st.random.key(4);
    const compiled = st.compile(() => st.random.normal([3], {key}));
    const warnings = await warningsOf(async () => {
      const first = await read(compiled());
      for (let i = 0; i < 4; i++) near(await read(compiled()), first);
    });
    expect(stateOf(compiled)).toEqual(['recorded']);
    expect(warnings.filter(text => /the same in every call/.test(text)).length).toBe(1);
    compiled.dispose();
  });

  it('gives keys that are derived from what changes back to the step as it is written', async () => {
    const root = st.random.key(4);
    let count = 0;
    const step = () => st.random.normal([3], {key: st.random.foldIn(root, count++)});
    const compiled = st.compile(step);
    const found: number[][] = [];
    const warnings = await warningsOf(async () => {
      for (let i = 0; i < 9; i++) found.push(await read(compiled()));
    });
    for (const [i, numbers] of found.entries())
      near(numbers, await read(st.random.normal([3], {key: st.random.foldIn(root, i)})));
    expect(stateOf(compiled)).toEqual(['plain']);
    expect(warnings.some(text => /fold in .* pass it as an argument/.test(text))).toBe(true);
    compiled.dispose();
  });

  it(
    'assigns variables, and sees what is assigned between calls',
    inScope(async () => {
      const v = tf.tidy(() => tf.variable(tf.zeros([2])));
      const w = tf.tidy(() => tf.variable(tf.ones([2])));
      await expectSame(
        x => {
          v.assign(tf.add(v, x));
          w.assign(tf.mul(v, 2));
          v.assign(tf.sub(v, w));
          return [tf.clone(v), tf.clone(w), tf.square(v)];
        },
        [...calls, ...calls],
        () =>
          tf.tidy(() => {
            v.assign(tf.zeros([2]));
            w.assign(tf.ones([2]));
          }),
      );
      const swap = st.compile(() => {
        const before = tf.clone(v);
        v.assign(w);
        w.assign(before);
      });
      for (let i = 0; i < 5; i++) {
        tf.tidy(() => {
          v.assign(tf.tensor1d([i, 1]));
          w.assign(tf.tensor1d([2, i]));
        });
        swap();
        near(await valueOf(v), [2, i]);
        near(await valueOf(w), [i, 1]);
      }
      expect(stateOf(swap)).toEqual(['recorded']);
      swap.dispose();
      tf.dispose([v, w]);
    }),
  );

  it(
    'takes second derivatives, and functions that are compiled within',
    inScope(async () => {
      await expectSame(x => tf.grad(y => tf.grad(z => tf.sum(tf.mul(tf.sin(z), tf.square(z))))(y))(x), calls);
      const inner = st.compile((x: tf.Tensor) => tf.add(tf.square(x), st.random.uniform([2])));
      await expectSame(x => tf.mul(inner(x), inner(tf.neg(x))), calls);
      await expectSame(x => tf.grad(y => inner(y))(x), calls);
      inner.dispose();
    }),
  );

  it('counts as what it computes in a gradient scope', async () => {
    const inner = st.compile((x: tf.Tensor) => tf.square(x));
    for (let i = 0; i < 4; i++) inner(tf.tensor1d([1, 2])).dispose();
    expect(stateOf(inner)).toEqual(['recorded']);
    near(await read(tf.grad((x: tf.Tensor) => inner(x))(tf.tensor1d([3, 4]))), [6, 8]);
    inner.dispose();
  });

  it('has a recording for each shape, dtype, structure and number, up to a bound', async () => {
    const compiled = st.compile((x: tf.Tensor, by: number) => tf.mul(x, by), {maxRecordings: 3});
    const warnings = await warningsOf(async () => {
      for (let round = 0; round < 4; round++)
        for (let n = 1; n < 6; n++) near(await read(compiled(tf.ones([n]), n)), new Array<number>(n).fill(n));
    });
    expect(stateOf(compiled)).toEqual(['recorded', 'recorded', 'recorded']);
    expect(warnings.length).toBe(1);
    expect(warnings[0]).toMatch(/3 recordings/);
    const same = st.compile((x: tf.Tensor, y: tf.Tensor) => tf.sub(x, y));
    for (let i = 0; i < 4; i++) {
      const x = tf.tensor1d([i, 1]);
      near(await read(same(x, x)), [0, 0]);
      near(await read(same(x, tf.tensor1d([1, i]))), [i - 1, 1 - i]);
    }
    compiled.dispose();
    same.dispose();
  });

  it('never mistakes an argument for what the step knows from elsewhere', async () => {
    const known = tf.tensor1d([10, 20]);
    const compiled = st.compile((x: tf.Tensor) => tf.add(x, known));
    for (let i = 0; i < 3; i++) near(await read(compiled(known)), [20, 40]);
    near(await read(compiled(tf.tensor1d([1, 2]))), [11, 22]);
    expect(stateOf(compiled)).toEqual(['recorded']);
    compiled.dispose();
  });

  const refusals: ReadonlyArray<readonly [what: string, step: () => (x: tf.Tensor) => unknown, why: RegExp]> = [
    [
      'values that are read',
      () => x => tf.scalar(x.shape[0] + tf.sum(x).dataSync().length),
      /reads the values of a tensor/,
    ],
    [
      'numbers that change',
      () =>
        (
          (n = 0) =>
          (x: tf.Tensor) =>
            tf.add(x, n++)
        )(),
      /made of numbers that change from call to call, such as/,
    ],
    [
      'branches that change',
      () =>
        (
          (n = 0) =>
          (x: tf.Tensor) =>
            n++ % 2 === 0 ? tf.exp(x) : tf.abs(x)
        )(),
      /Exp in one call and Abs in another|Abs in one call and Exp/,
    ],
    ['what it keeps', () => x => tf.square(tf.keep(tf.add(x, 1))), /keeps 1 tensor/],
    ['a promise', () => async x => Promise.resolve(tf.square(x)), /returns a promise/],
    [
      'shapes that depend on numbers',
      () => x => tf.unique(x).values,
      /the shape of what Unique gives depends on numbers/,
    ],
    ['what is no tensor', () => x => new Set([x.shape[0]]), /returns what is no tensor/],
    ['an argument that is disposed', () => x => tf.tidy(() => (x.dispose(), tf.scalar(1))), /disposes an argument/],
    ['random numbers of tfjs', () => x => tf.add(x, tf.randomNormal([2])), /draws by Math.random/],
    [
      'a number that changes in what it returns',
      () =>
        (
          (n = 0) =>
          () =>
            n++
        )(),
      /what it returns beside tensors/,
    ],
  ];
  for (const [what, make, why] of refusals) {
    const isOnHost = backend === 'cpu' || backend === 'wasm';
    if (!isOnHost && /^(values that are read|shapes that depend)/.test(what)) continue; // webgpu knows neither
    it(`runs as it is written with ${what}, and says why once`, async () => {
      const [plain, compiled] = [make(), st.compile(make())];
      const results: unknown[] = [];
      const warnings = await warningsOf(async () => {
        for (let i = 0; i < 9; i++) results.push(await compiled(tf.tensor1d([i, i])));
      });
      expect(warnings.length).toBe(1);
      expect(warnings[0]).toMatch(why);
      expect(stateOf(compiled)).toEqual(['plain']);
      if (what === 'random numbers of tfjs') return;
      for (const [i, result] of results.entries()) {
        const expected = await (plain(tf.tensor1d([i, i])) as Promise<unknown>);
        if (expected instanceof tf.Tensor) near(await read(result as tf.Tensor), await read(expected as tf.Tensor));
        else expect(result).toEqual(expected);
      }
      compiled.dispose();
    });
  }

  it('records again where a variable was disposed, a tensor from outside exchanged, or an optimizer tuned', async () => {
    const state = {v: tf.variable(tf.scalar(2)), c: tf.scalar(1)};
    const rate = tf.train.sgd(0.5);
    const w = tf.variable(tf.scalar(8));
    const compiled = st.compile((x: tf.Tensor) => {
      rate.minimize(() => tf.mul(w, 2), false, [w]);
      return tf.add(tf.mul(x, state.v), state.c);
    });
    let expected = 8;
    for (let i = 0; i < 16; i++) {
      if (i === 4) {
        state.v.dispose();
        state.v = tf.variable(tf.scalar(3));
      }
      if (i === 8) {
        state.c.dispose();
        state.c = tf.scalar(-1);
      }
      if (i === 12) rate.setLearningRate(0.25);
      const factor = i < 4 ? 2 : 3;
      const offset = i < 8 ? 1 : -1;
      near(await read(compiled(tf.scalar(i))), [i * factor + offset]);
      expected -= 2 * (i < 12 ? 0.5 : 0.25);
      near(await valueOf(w), [expected]);
    }
    expect(stateOf(compiled)).toEqual(['recorded']);
    expect(rate.iterations).toBe(16);
    compiled.dispose();
  });

  it('leaves nothing behind in many calls', async () => {
    const v = tf.variable(tf.zeros([3]));
    const optimizer = st.stochasticOptimizer(tf.train.adam(0.01));
    const compiled = st.compile((x: tf.Tensor) => {
      const cost = optimizer.minimize(
        () => {
          const b = new st.DistributionTensor(new st.Bernoulli({logits: v}), {estimator: 'nvil'});
          return tf.square(tf.sub(b.value, x));
        },
        true,
        [v],
      );
      return cost!;
    });
    const x = tf.tensor1d([0.2, 0.4, 0.9]);
    for (let i = 0; i < 6; i++) compiled(x).dispose();
    expect(stateOf(compiled)).toEqual(['recorded']);
    const before = {...tf.memory()};
    for (let i = 0; i < sizeFor({cpu: 300, wasm: 2000, webgl: 30, webgpu: 30}); i++) compiled(x).dispose();
    expect(tf.memory().numTensors).toBe(before.numTensors);
    expect(tf.memory().numBytes).toBe(before.numBytes);
    expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers);
    await valueOf(v);
    compiled.dispose();
    optimizer.dispose();
  });

  it('runs a step with a cost that is not finite as it is written', async () => {
    const run = async (isCompiled: boolean): Promise<number[]> => {
      st.random.setSeed(5);
      const v = tf.variable(tf.zeros([2]));
      const optimizer = st.stochasticOptimizer(tf.train.adam(0.1), {nonFinite: 'skip'});
      const step = (x: tf.Tensor): void => {
        optimizer.minimize(
          () => {
            const b = new st.DistributionTensor(new st.Bernoulli({logits: v}), {estimator: 'movingAverage'});
            return tf.mul(tf.add(b.value, 1), x);
          },
          false,
          [v],
        );
      };
      const each = isCompiled ? st.compile(step) : step;
      for (let i = 0; i < 14; i++) each(tf.tensor1d([1, i % 5 === 3 ? NaN : i / 5]));
      return valueOf(v);
    };
    near(await run(true), await run(false));
  });

  it('runs calls with data in lists, or with lists in themselves, as they are written', async () => {
    const compiled = st.compile((list: unknown) => tf.scalar(Array.isArray(list) ? list.length : -1));
    const endless: unknown[] = [1];
    endless.push(endless);
    const warnings = await warningsOf(async () => {
      for (let i = 0; i < 4; i++) {
        near(await read(compiled(new Array<number>(5000).fill(i))), [5000]);
        near(await read(compiled(new Array(2 ** 25))), [2 ** 25]);
        near(await read(compiled(endless)), [2]);
      }
    });
    expect(compiled.describe()).toEqual([]);
    expect(warnings.length).toBe(1);
    expect(warnings[0]).toMatch(/nested more than 16 deep, or has a list of more than 1000/);
  });

  it('undoes what a call has changed on the host before it finds another number than it relied on', async () => {
    const state = {count: 0, isOdd: false};
    const compiled = st.compile((x: tf.Tensor) => {
      const count = () => {
        state.count++;
        return () => void state.count--;
      };
      count();
      st.extension.recorder()?.changed(count);
      st.extension.recorder()?.expected(state.isOdd, [], () => state.isOdd);
      return tf.add(x, state.isOdd ? 1 : 0);
    });
    for (let i = 0; i < 20; i++) {
      state.isOdd = i % 5 === 4;
      near(await read(compiled(tf.scalar(i))), [i + (state.isOdd ? 1 : 0)]);
      expect(state.count).toBe(i + 1);
    }
    expect(stateOf(compiled)).toEqual(['recorded']);
    compiled.dispose();
  });

  it('refuses bad options, and passes errors of the step on', () => {
    expect(() => st.compile(3 as never)).toThrowError(/compile: the first argument must be a function, got 3/);
    expect(() => st.compile(() => undefined, {chek: true} as never)).toThrowError(/compile: unknown option "chek"/);
    expect(() => st.compile(() => undefined, {check: 1} as never)).toThrowError(/compile: check must be true or false/);
    expect(() => st.compile(() => undefined, {maxRecordings: 0})).toThrowError(/compile: maxRecordings must be/);
    const compiled = st.compile((x: tf.Tensor) => tf.matMul(x as tf.Tensor2D, x as tf.Tensor2D));
    const before = tf.memory().numTensors;
    for (let i = 0; i < 4; i++) {
      const x = tf.zeros([2, 3]);
      expect(() => compiled(x)).toThrowError(/inner shapes/);
      x.dispose();
    }
    expect(tf.memory().numTensors).toBe(before);
  });
});
