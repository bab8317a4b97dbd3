/** Baselines as functions: what is subtracted from given costs, and what is refused when they meet a node. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {advantagesOf} from '../helpers/advantages.js';
import {describeBackends} from '../helpers/backends.js';

const logits = [0.3, -0.4, 0.9];

const advantages = async (
  baseline: st.Baseline,
  costs: number[][] | number[][][],
  valueType?: st.ValueType,
): Promise<{advantages: number[][]}> => ({advantages: await advantagesOf(baseline, costs, logits, valueType)});

function expectClose(got: number[], wanted: number[]): void {
  expect(got.length).toBe(wanted.length);
  got.forEach((x, i) => expect(x).toBeCloseTo(wanted[i]!, 4));
}

describeBackends('baselines', () => {
  it('none and constant', async () => {
    expectClose((await advantages(st.none(), [[1, 2, 3]])).advantages[0]!, [1, 2, 3]);
    expectClose((await advantages(st.constant({value: -2}), [[1, 2, 3]])).advantages[0]!, [3, 4, 5]);
  });

  it('movingAverage: the mean of earlier costs, corrected for its start', async () => {
    const baseline = st.movingAverage({decay: 0.9});
    const {advantages: got} = await advantages(baseline, [
      [1, 2, 3],
      [4, 4, 4],
      [0, 0, 3],
    ]);
    expectClose(got[0]!, [1, 2, 3]);
    expectClose(got[1]!, [2, 2, 2]);
    const second = (0.9 * 0.1 * 2 + 0.1 * 4) / (1 - 0.81);
    expectClose(got[2]!, [-second, -second, 3 - second]);
    baseline.dispose!();
  });

  it('movingAverage with decay 0: the mean of the last step', async () => {
    const baseline = st.movingAverage({decay: 0});
    expectClose(
      (
        await advantages(baseline, [
          [1, 2, 3],
          [4, 4, 4],
          [0, 0, 3],
        ])
      ).advantages[2]!,
      [-4, -4, -1],
    );
    baseline.dispose!();
  });

  it('leaveOneOut: the mean of the other samples, along the leading axis', async () => {
    const costs = [
      [1, 5, -2],
      [3, 0, 4],
      [8, 1, 1],
    ];
    const others = costs.map((row, k) =>
      row.map((f, b) => f - costs.reduce((s, r, j) => s + (j === k ? 0 : r[b]!), 0) / 2),
    );
    expectClose((await advantages(st.leaveOneOut(), [costs], st.sampleValue(3))).advantages[0]!, others.flat());
    expectClose((await advantages(st.leaveOneOut({samples: 3}), [costs])).advantages[0]!, others.flat());
    // merged into the batch: the sample varies slowest
    expectClose(
      (await advantages(st.leaveOneOut(), [[...costs[0]!, ...costs[1]!, ...costs[2]!]], st.sampleAndReshapeValue(3)))
        .advantages[0]!,
      others.flat(),
    );
  });

  it('leaveOneOut needs two samples, and costs that keep them', () => {
    const w = tf.variable(tf.tensor1d(logits));
    const run = (valueType: st.ValueType, f: (x: tf.Tensor) => tf.Tensor | tf.Tensor[]) => () => {
      tf.dispose(
        st.variableGrads(
          () =>
            f(
              new st.DistributionTensor(new st.Bernoulli({logits: w}), {estimator: 'leaveOneOut', valueType, name: 'z'})
                .value,
            ),
          [w],
        ),
      );
    };
    expect(run(st.sampleValue(1), x => x)).toThrowError('leaveOneOut at node "z": needs at least 2 samples, got 1');
    expect(run(st.sampleAndReshapeValue(1), x => x)).toThrowError(
      'leaveOneOut at node "z": needs at least 2 samples, got 1',
    );
    expect(run(st.sampleValue(), x => tf.mean(x, 0))).toThrowError(
      /^leaveOneOut at node "z": the costs must keep the sample axis of size 4/,
    );
    expect(run(st.sampleValue(), x => tf.mean(x, 0, true))).toThrowError(
      /^leaveOneOut at node "z": the costs must keep the sample axis of size 4/,
    );
    const both = run(st.sampleValue(), x => [x, tf.square(tf.mean(x, 0))]);
    expect(both).toThrowError(
      /^leaveOneOut at node "z": the costs must keep the sample axis of size 4, so that each sample has its own cost/,
    );
    expect(run(st.sampleValue(), x => tf.mean(x, 1, true))).not.toThrow();
    st.disposeSharedEstimators();
    w.dispose();
  });

  it('advantage and baselineFunction are held constant and see node, value and cost', async () => {
    const w = tf.variable(tf.tensor1d(logits));
    const seen: string[] = [];
    const fn: st.LossFunction = (node, value, cost) => {
      seen.push(`${node.name} ${value.shape.join()} ${cost.shape.join()}`);
      return tf.add(tf.mul(tf.sum(tf.exp(w)), 0.1), tf.mul(cost, 0));
    };
    const gradient = async (baseline: st.Baseline): Promise<number[]> => {
      const {value, grads} = st.variableGrads(
        () =>
          tf.square(
            new st.DistributionTensor(new st.Bernoulli({logits: w}), {
              estimator: st.scoreFunction({baseline}),
              key: st.random.key(4),
              name: 'z',
            }).value,
          ),
        [w],
      );
      const numbers = Array.from(await grads[w.name]!.data());
      tf.dispose([value, grads]);
      return numbers;
    };
    const b = logits.reduce((s, l) => s + Math.exp(l), 0) * 0.1;
    expectClose(await gradient(st.baselineFunction(fn)), await gradient(st.constant({value: b})));
    expectClose(
      await gradient(st.advantage(fn)),
      drawn.map((x, i) => ((x - 1 / (1 + Math.exp(-logits[i]!))) * b) / 3),
    );
    expect(seen).toEqual(['z 3 3', 'z 3 3']);
    w.dispose();
  });

  let drawn: number[] = [];
  beforeAll(async () => {
    const x = tf.tidy(() => new st.Bernoulli({logits}).sample([], {key: st.random.key(4)}));
    drawn = Array.from(await x.data());
    x.dispose();
  });

  it('functions must return a tensor that fits the node', () => {
    const w = tf.variable(tf.tensor1d(logits));
    const run = (baseline: st.Baseline) => () => {
      tf.dispose(
        st.variableGrads(
          () =>
            new st.DistributionTensor(new st.Bernoulli({logits: w}), {
              estimator: st.scoreFunction({baseline}),
              name: 'z',
            }).value,
          [w],
        ),
      );
    };
    const before = tf.memory().numTensors;
    expect(run(st.advantage(() => 3 as unknown as tf.Tensor))).toThrowError(
      'advantage at node "z": the function must return a tensor, got 3',
    );
    expect(run(st.baselineFunction(() => tf.zeros([2])))).toThrowError(
      /^baselineFunction at node "z": the result must broadcast to the node's shape \[3\], got a float32 tensor of shape \[2\]/,
    );
    expect(run(st.baselineFunction(() => tf.zeros([4, 3])))).toThrowError(
      /^baselineFunction at node "z": the result must broadcast/,
    );
    expect(tf.memory().numTensors).toBe(before);
    w.dispose();
  });

  it('learned refuses a network whose output does not fit', () => {
    const w = tf.variable(tf.tensor1d(logits));
    const run = (network: (x: tf.Tensor) => tf.Tensor) => () => {
      const estimator = st.nvil({network});
      try {
        tf.dispose(
          st.variableGrads(
            () => new st.DistributionTensor(new st.Bernoulli({logits: w}), {estimator, name: 'z'}).value,
            [w],
          ),
        );
      } finally {
        estimator.dispose!();
      }
    };
    const before = tf.memory().numTensors;
    expect(run(() => tf.zeros([3, 2]))).toThrowError(
      /^learned at node "z": the network's output must broadcast to the node's shape \[3\], with or without a last axis of size 1/,
    );
    expect(run(() => 3 as unknown as tf.Tensor)).toThrowError(/^learned at node "z": the network/);
    for (const shape of [[3], [3, 1], [1], []]) expect(run(() => tf.zeros(shape))).not.toThrow();
    expect(tf.memory().numTensors).toBe(before);
    w.dispose();
  });

  it('control variates must have the node’s shape', () => {
    const w = tf.variable(tf.tensor1d(logits));
    const run = (controlVariate: (z: tf.Tensor) => tf.Tensor) => () => {
      tf.dispose(
        st.variableGrads(
          () =>
            new st.DistributionTensor(new st.Bernoulli({logits: w}), {estimator: st.relax({controlVariate}), name: 'z'})
              .value,
          [w],
        ),
      );
    };
    const before = tf.memory().numTensors;
    expect(run(() => tf.zeros([2]))).toThrowError(
      'relax at node "z": the control variate must return a tensor of shape [3] or [3,1], got a float32 tensor of shape [2]',
    );
    expect(run(() => 3 as unknown as tf.Tensor)).toThrowError(
      /^relax at node "z": the control variate must return a tensor of shape \[3\] or \[3,1\], got 3/,
    );
    expect(run(z => tf.expandDims(z, -1))).not.toThrow();
    expect(run(() => tf.zeros([3]))).not.toThrow();
    expect(tf.memory().numTensors).toBe(before);
    w.dispose();
  });
});

describeBackends('denseNetwork', () => {
  it('maps […, inputSize] to […, outputSize], starts at 0, is the same for the same key, and can be disposed of', async () => {
    const before = tf.memory().numTensors;
    const [a, b] = [0, 1].map(() =>
      st.denseNetwork({inputSize: 3, units: [4, 5], outputSize: 2, key: st.random.key(1)}),
    );
    expect(a!.variables.map(v => v.shape)).toEqual([[3, 4], [4], [4, 5], [5], [5, 2], [2]]);
    expect(Array.from(await a!.variables[0]!.data())).toEqual(Array.from(await b!.variables[0]!.data()));
    const out = tf.tidy(() => a!.call(tf.ones([6, 7, 3])));
    expect(out.shape).toEqual([6, 7, 2]);
    expect((await out.data()).every(x => x === 0)).toBeTrue();
    tf.tidy(() =>
      expect(() => a!.call(tf.zeros([3, 2]))).toThrowError(/^denseNetwork: the input's last axis must be 3/),
    );
    out.dispose();
    a!.dispose();
    b!.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
