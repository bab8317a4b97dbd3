/** Influence on the tape, scopes, outside costs and errors of surrogateLoss and variableGrads. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {checkTape} from '../../src/graph/tape.js';
import {detach} from '../../src/math/stopGradient.js';
import {describeBackends} from '../helpers/backends.js';

const key = st.random.key(21);
const logits = [0.3, -0.4, 0.9];
const node = (w: tf.Tensor, options: st.DistributionTensorOptions = {}): st.DistributionTensor =>
  new st.DistributionTensor(new st.Bernoulli({logits: w}), {estimator: 'scoreFunction', key, ...options});

/** The gradient that surrogateLoss gives for `costs(w)`, with the mean taken. */
async function gradient(
  costs: (w: tf.Variable) => tf.Tensor | tf.Tensor[],
  options?: (w: tf.Variable) => st.SurrogateLossOptions,
): Promise<number[]> {
  const w = tf.variable(tf.tensor1d(logits));
  const {value, grads} = tf.variableGrads(() => {
    const list = costs(w);
    return tf.add(tf.mean(st.surrogateLoss(list, options?.(w))), tf.mul(tf.sum(w), 0));
  }, [w]);
  const numbers = Array.from(await grads[w.name]!.data());
  tf.dispose([w, value, grads]);
  return numbers;
}

const plain = (): Promise<number[]> => gradient(w => tf.square(tf.sub(node(w).value, 0.3)));
const zero = [0, 0, 0];

describeBackends('influence', () => {
  it('passes through st.stopGradient, not through the library’s own detach', async () => {
    expect(await gradient(w => tf.square(tf.sub(st.stopGradient(node(w).value), 0.3)))).toEqual(await plain());
    expect(await gradient(w => st.stopGradient(tf.square(tf.sub(node(w).value, 0.3))))).toEqual(await plain());
    expect(await gradient(w => tf.square(tf.sub(detach(node(w).value), 0.3)))).toEqual(zero);
  });

  it('passes through kernels that have no gradient, casts, slices, gathers and comparisons', async () => {
    const wanted = await gradient(w => node(w).value);
    const same: Record<string, (x: tf.Tensor) => tf.Tensor> = {
      cast: x => tf.cast(tf.cast(x, 'int32'), 'float32'),
      greater: x => tf.cast(tf.greater(x, 0.5), 'float32'),
      round: x => tf.round(x),
      gather: x => tf.gather(tf.tensor1d([0, 1]), tf.cast(x, 'int32')),
      oneHot: x => tf.sum(tf.mul(tf.cast(tf.oneHot(tf.cast(x, 'int32'), 2), 'float32'), [0, 1]), -1),
      argMax: x => tf.cast(tf.argMax(tf.stack([tf.mul(x, 0), tf.sub(x, 0.5)], -1), -1), 'float32'),
      where: x => tf.where(tf.greaterEqual(x, 0.5), tf.ones([3]), tf.zeros([3])),
      splitAndConcat: x => tf.concat(tf.split(x, 3)),
      clone: x => tf.clone(x),
      tidy: x => tf.tidy(() => tf.sub(tf.mul(tf.add(x, 1), 1), 1)),
    };
    for (const [name, f] of Object.entries(same)) {
      const got = await gradient(w => f(node(w).value));
      got.forEach((g, i) => expect(g).withContext(name).toBeCloseTo(wanted[i]!, 5));
    }
  });

  it('passes through chains of nodes, pathwise, mean-valued and observed ones, and nodes without estimator', async () => {
    const through = (make: (loc: tf.Tensor) => tf.Tensor): Promise<number[]> => gradient(w => make(node(w).value));
    const outer = {
      pathwise: (loc: tf.Tensor) => new st.DistributionTensor(new st.Normal({loc, scale: 1e-6}), {key}).value,
      mean: (loc: tf.Tensor) =>
        new st.DistributionTensor(new st.Normal({loc, scale: 1}), {valueType: st.meanValue()}).value,
      stoppedMean: (loc: tf.Tensor) =>
        new st.DistributionTensor(new st.Normal({loc, scale: 1}), {valueType: st.meanValue({stopGradient: true})})
          .value,
      none: (loc: tf.Tensor) =>
        new st.DistributionTensor(new st.Normal({loc, scale: 1e-6}), {key, estimator: null}).value,
      plainSample: (loc: tf.Tensor) => new st.Normal({loc, scale: 1e-6}).sample([], {key}),
    };
    const wanted = await gradient(w => node(w).value);
    for (const [name, make] of Object.entries(outer)) {
      (await through(make)).forEach((g, i) => expect(g).withContext(name).toBeCloseTo(wanted[i]!, 4));
    }
  });

  it('does not reach a node whose value no cost uses', async () => {
    expect(
      await gradient(w => {
        node(w);
        return tf.mul(tf.ones([3]), 2);
      }),
    ).toEqual(zero);
  });

  it('of a cost that is a node’s value itself, or a variable itself', async () => {
    const got = await gradient(w => node(w).value);
    expect(got).toEqual(await gradient(w => tf.mul(node(w).value, 1)));
    expect(await gradient(w => w)).toEqual([1, 1, 1].map(x => Math.fround(x / 3)));
  });
});

describeBackends('gradient scopes', () => {
  it('may be nested: an inner step gives the same as alone, and the outer one is left alone', async () => {
    const w = tf.variable(tf.tensor1d(logits));
    const run = (): tf.Tensor =>
      tf.tidy(() => st.variableGrads(() => tf.square(tf.sub(node(w).value, 0.3)), [w]).grads[w.name]!);
    const alone = run();
    let inner: tf.Tensor | null = null;
    const {value, grads} = tf.variableGrads(() => {
      const outside = node(w, {key: st.random.key(22)}).value;
      inner = tf.keep(run());
      return tf.mean(st.surrogateLoss(tf.mul(outside, 2)));
    }, [w]);
    expect(Array.from(await inner!.data())).toEqual(Array.from(await alone.data()));
    const reference = tf.tidy(
      () => st.variableGrads(() => tf.mul(node(w, {key: st.random.key(22)}).value, 2), [w]).grads[w.name]!,
    );
    expect(Array.from(await grads[w.name]!.data())).toEqual(Array.from(await reference.data()));
    tf.dispose([w, alone, inner!, value, grads, reference]);
  });

  it('give the same by surrogateLoss and by variableGrads, whose value is the true cost', async () => {
    const w = tf.variable(tf.tensor1d(logits));
    const {value, grads} = st.variableGrads(() => [tf.square(tf.sub(node(w).value, 0.3)), tf.mul(w, 2)], [w]);
    const wanted = await gradient(v => [tf.square(tf.sub(node(v).value, 0.3)), tf.mul(v, 2)]);
    (await grads[w.name]!.data()).forEach((g, i) => expect(g).toBeCloseTo(wanted[i]!, 6));
    const x = tf.tidy(() => node(tf.tensor1d(logits)).value);
    const cost = Array.from<number>(await x.data()).reduce((s, b, i) => s + ((b - 0.3) ** 2 + 2 * logits[i]!) / 3, 0);
    expect((await value.data())[0]).toBeCloseTo(cost, 5);
    tf.dispose([w, value, grads, x]);
  });

  it('take terms of the chosen nodes only', async () => {
    const both = (chosen: 'x' | 'y' | 'both' | 'none') =>
      gradient(
        w => {
          const [x, y] = [node(w), node(w, {key: st.random.key(30)})];
          nodes = {x: [x], y: [y], both: [x, y], none: []}[chosen];
          return [tf.square(tf.sub(x.value, 0.3)), tf.mul(y.value, 2)];
        },
        () => ({stochasticTensors: nodes}),
      );
    let nodes: st.DistributionTensor[] = [];
    const [x, y, all, none] = [await both('x'), await both('y'), await both('both'), await both('none')];
    expect(none).toEqual(zero);
    all.forEach((g, i) => expect(g).toBeCloseTo(x[i]! + y[i]!, 5));
    expect(x).not.toEqual(y);
  });

  it('are needed by surrogateLoss', () => {
    const c = tf.zeros([3]);
    expect(() => st.surrogateLoss(c)).toThrowError(/^surrogateLoss: must be called inside a gradient scope/);
    c.dispose();
  });
});

describeBackends('costs from outside', () => {
  const external = (x: tf.Tensor): number[] => Array.from({length: x.size}, (_, i) => i + 1.5);

  it('count as downstream of the nodes that they depend on, from arrays and tensors, scaled or not', async () => {
    const wanted = await gradient(w => tf.add(tf.mul(node(w).value, 0), [1.5, 2.5, 3.5]));
    const ways: Record<string, (n: st.DistributionTensor) => tf.Tensor> = {
      array: n => st.cost(external(n.value), {dependsOn: n}),
      list: n => st.cost(external(n.value), {dependsOn: [n], name: 'reward'}),
      typed: n => st.cost(Float32Array.from(external(n.value)), {dependsOn: [n]}),
      integers: n => tf.mul(st.cost(tf.tensor1d([3, 5, 7], 'int32'), {dependsOn: [n]}), 0.5),
      tensor: n => st.cost(tf.tensor1d([1.5, 2.5, 3.5]), {dependsOn: [n]}),
      scaled: n => tf.mul(st.cost([3, 5, 7], {dependsOn: [n]}), 0.5),
      shifted: n => tf.add(st.cost([0.5, 1.5, 2.5], {dependsOn: n}), 1),
      tidied: n => tf.tidy(() => tf.mul(st.cost([3, 5, 7], {dependsOn: n}), 0.5)),
    };
    for (const [name, way] of Object.entries(ways)) {
      const got = await gradient(w => way(node(w)));
      got.forEach((g, i) => expect(g).withContext(name).toBeCloseTo(wanted[i]!, 5));
    }
  });

  it('of several nodes reach all of them and those upstream; a tensor’s own history does not count', async () => {
    const got = await gradient(w => {
      const x = node(w);
      const y = node(tf.add(w, x.value), {key: st.random.key(31)});
      return st.cost([1, 2, 3], {dependsOn: y});
    });
    const wanted = await gradient(w => {
      const x = node(w);
      const y = node(tf.add(w, x.value), {key: st.random.key(31)});
      return tf.add(tf.mul(y.value, 0), [1, 2, 3]);
    });
    expect(got).toEqual(wanted);
    expect(
      await gradient(w => {
        const [x, y] = [node(w), node(tf.zeros([3]))];
        return st.cost(x.value, {dependsOn: y});
      }),
    ).toEqual(zero);
  });

  it('as one number go to all draws, in variableGrads', async () => {
    spyOn(console, 'warn');
    const w = tf.variable(tf.tensor1d(logits));
    const {value, grads} = st.variableGrads(() => st.cost(5, {dependsOn: node(w)}), [w]);
    const wanted = await gradient(v => tf.reshape(tf.add(tf.mean(tf.mul(node(v).value, 0)), 5), [1]));
    (await grads[w.name]!.data()).forEach((g, i) => expect(g).toBeCloseTo(wanted[i]!, 4));
    expect((await value.data())[0]).toBe(5);
    tf.dispose([w, value, grads]);
  });

  it('refuse what is no number and what is no node', () => {
    tf.tidy(() => {
      const n = node(tf.zeros([3]));
      const before = tf.memory().numTensors;
      expect(() => st.cost([1, NaN, 2], {dependsOn: n, name: 'reward'})).toThrowError(
        'cost "reward": values must be finite numbers, got NaN',
      );
      expect(() => st.cost(Infinity, {dependsOn: n})).toThrowError('cost: values must be finite numbers, got Infinity');
      expect(() => st.cost('a', {dependsOn: n})).toThrowError(
        'cost: the value must be a number, an array or a tensor, got "a"',
      );
      expect(() => st.cost(undefined as unknown as number, {dependsOn: n})).toThrowError(
        'cost: the value must be a number, an array or a tensor, got undefined',
      );
      expect(() => st.cost(1, {dependsOn: []})).toThrowError(/^cost: dependsOn must name at least one random node/);
      expect(() => st.cost(1, {dependsOn: [n.value] as unknown as st.DistributionTensor})).toThrowError(
        /^cost: dependsOn: must be a DistributionTensor or an ObservedStochasticTensor, got a float32 tensor of shape \[3\]/,
      );
      expect(() => st.cost(1, undefined as unknown as st.CostOptions)).toThrowError(/^cost: /);
      expect(() => st.cost(1, {} as st.CostOptions)).toThrowError(/^cost: /);
      expect(() => st.cost(1, {dependOn: n} as unknown as st.CostOptions)).toThrowError(
        'cost: unknown option "dependOn"; did you mean "dependsOn"?',
      );
      expect(tf.memory().numTensors).toBe(before);
    });
  });
});

describeBackends('bad input', () => {
  const w = (): tf.Variable => tf.tidy(() => tf.variable(tf.tensor1d(logits), true));

  it('of variableGrads and surrogateLoss is refused by name, and nothing is left behind', () => {
    const v = w();
    const before = tf.memory().numTensors;
    const bad: Array<[() => unknown, RegExp]> = [
      [
        () => st.variableGrads(3 as unknown as () => tf.Tensor),
        /^variableGrads: the first argument must be a function that returns costs, got 3/,
      ],
      [() => st.variableGrads(() => [], [v]), /^variableGrads: needs at least one cost/],
      [
        () => st.variableGrads(() => 3 as unknown as tf.Tensor, [v]),
        /^variableGrads: cost 0 must be a tensor; a reward .*, got 3/,
      ],
      [
        () => st.variableGrads(() => Promise.resolve(1) as unknown as tf.Tensor, [v]),
        /^variableGrads: cost 0 must be a tensor; the function must not be async; .*, got a Promise/,
      ],
      [
        () => st.variableGrads(() => tf.cast(node(v).value, 'int32'), [v]),
        /^variableGrads: cost 0 must be a float32 tensor, got a int32 tensor of shape \[3\]/,
      ],
      [
        () => st.variableGrads(() => [tf.add(node(v).value, 1), tf.greater(v, 0)], [v]),
        /^variableGrads: cost 1 must be a float32 tensor, got a bool/,
      ],
      [
        () =>
          st.variableGrads(() => {
            const x = tf.square(node(v).value);
            x.dispose();
            return x;
          }, [v]),
        /^variableGrads: cost 0 must be alive, got a tensor that is disposed/,
      ],
      [
        () => st.variableGrads(() => node(v).value, v as unknown as tf.Variable[]),
        /^variableGrads: the second argument must be a list of variables/,
      ],
      [
        () => st.variableGrads(() => node(v).value, [3 as unknown as tf.Variable]),
        /^variableGrads: the second argument must be a list of variables/,
      ],
      [() => st.variableGrads(() => node(v).value, []), /^variableGrads: needs at least one trainable variable/],
      [
        () => st.variableGrads(() => tf.ones([3]), [v]),
        /^variableGrads: the costs must depend on at least one of the variables, got \["/,
      ],
      [
        () => tf.tidy(() => st.variableGrads(() => st.surrogateLoss([]), [v])),
        /^surrogateLoss: needs at least one cost/,
      ],
      [
        () => st.variableGrads(() => st.surrogateLoss(tf.add(v, 1), null as unknown as object), [v]),
        /^surrogateLoss: the config must be an object, got null/,
      ],
      [
        () => st.variableGrads(() => st.surrogateLoss(tf.add(v, 1), {nodes: []} as object), [v]),
        /^surrogateLoss: unknown option "nodes"/,
      ],
      [
        () => st.variableGrads(() => st.surrogateLoss(tf.add(v, 1), {stochasticTensors: 3} as object), [v]),
        /^surrogateLoss: stochasticTensors must be a list of nodes, got 3/,
      ],
      [
        () => st.variableGrads(() => st.surrogateLoss(tf.add(v, 1), {stochasticTensors: [v]} as object), [v]),
        /^surrogateLoss: stochasticTensors: must be a DistributionTensor/,
      ],
      [
        () =>
          st.variableGrads(() => {
            for (const estimator of ['scoreFunction', 'relax', 'nvil', 'leaveOneOut'])
              node(tf.mul(v, 2), {estimator, name: 'thrown'});
            throw new Error('mine');
          }, [v]),
        /^mine$/,
      ],
    ];
    for (const [i, [run, message]] of bad.entries()) {
      expect(run).withContext(String(i)).toThrowError(message);
      expect(tf.memory().numTensors).withContext(`tensors after ${i}, ${message}`).toBe(before);
    }
    st.disposeSharedEstimators();
    v.dispose();
  });

  it('an estimator’s term must fit the node', () => {
    const v = w();
    tf.tidy(() => {
      const run = (fn: st.LossFunction): unknown => st.variableGrads(() => node(v, {estimator: fn}).value, [v]);
      expect(() =>
        run(function mine() {
          return 3 as unknown as tf.Tensor;
        }),
      ).toThrowError(/^estimator "mine": the function must return a tensor, got 3/);
      expect(() =>
        run(function mine() {
          return tf.zeros([2]);
        }),
      ).toThrowError(
        /^estimator "mine": its surrogate term must broadcast to the node's shape \[3\], got a float32 tensor of shape \[2\]/,
      );
      expect(() =>
        run(function mine() {
          return tf.zeros([2, 3]);
        }),
      ).toThrowError(/^estimator "mine": its surrogate term must broadcast/);
    });
    v.dispose();
  });
});

describe('the form of the tape', () => {
  const t = {id: 1};
  const record = {kernelName: 'Add', inputs: {a: t}, outputs: [t], saved: []};

  it('that tfjs-core 4.22.0 writes is accepted', () => {
    expect(checkTape('test', [], '4.22.0')).toEqual([]);
    expect(checkTape('test', [record], '4.22.0').length).toBe(1);
  });

  it('that is any other is refused in one sentence', () => {
    const others: unknown[] = [
      undefined,
      null,
      {},
      [null],
      [3],
      [{...record, kernelName: 3}],
      [{...record, inputs: null}],
      [{...record, outputs: t}],
      [{...record, outputs: [{}]}],
      [{...record, saved: undefined}],
      [record, {}],
    ];
    for (const tape of others) {
      expect(() => checkTape('surrogateLoss', tape, '9.9.9')).toThrowError(
        /^surrogateLoss: needs the tape of tfjs-core 4\.22\.0; version 9\.9\.9 has another form/,
      );
    }
  });
});
