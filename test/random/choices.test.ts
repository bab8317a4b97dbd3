import * as tf from '@tensorflow/tfjs-core';
import * as random from '../../src/random/index.js';
import {describeBackends, sizeFor} from '../helpers/backends.js';
import {chiSquarePValue} from '../helpers/statistics.js';
import {readDraws} from './draws.js';

const key = random.key(20263);

/** The probability of drawing a and then b. */
const pair = (weights: readonly number[], a: number, b: number): number => {
  const total = weights.reduce((s, w) => s + w);
  return a === b ? 0 : ((weights[a]! / total) * weights[b]!) / (total - weights[a]!);
};

const hash = (values: readonly number[]): number => values.reduce((h, v) => (Math.imul(h, 31) + v) | 0, 7);

describeBackends('random.withoutReplacement', () => {
  const weights = [0.5, 3, 0, 1, 2.5];

  it('draws each ordered pair with its probability, and no class of weight 0', async () => {
    const n = 100_000;
    const fromArray = await readDraws(() => random.withoutReplacement(n, {probs: weights, k: 2, key}));
    expect([fromArray.shape, fromArray.dtype]).toEqual([[n, 2], 'int32']);
    const counts = new Array<number>(25).fill(0);
    for (let i = 0; i < n; i++) counts[fromArray.values[2 * i]! * 5 + fromArray.values[2 * i + 1]!]!++;
    expect(
      chiSquarePValue(
        counts,
        counts.map((_, c) => pair(weights, Math.floor(c / 5), c % 5)),
      ),
    ).toBeGreaterThan(0.001);
    expect(hash(fromArray.values)).toBe(-809269347); // the same on every backend
    const fewer = sizeFor({cpu: 20_000, wasm: n, webgl: 5000, webgpu: 5000});
    for (const options of [{probs: tf.tensor1d(weights)}, {logits: tf.log(tf.tensor1d(weights))}]) {
      const fromTensor = await readDraws(() => random.withoutReplacement(fewer, {...options, k: 2, key}));
      expect(fromTensor.values).toEqual(fromArray.values.slice(0, 2 * fewer));
    }
  });

  it('gives the perturbed logits in falling order', async () => {
    const logits = [
      [0, 1, 2, 3],
      [5, -Infinity, 1, 0],
    ];
    for (const parameter of [logits, tf.tensor(logits)]) {
      const before = tf.memory().numTensors;
      const {indices, perturbed} = random.gumbelTopK([2, 2], {logits: parameter, k: 3, key});
      expect(tf.memory().numTensors - before).toBe(2);
      expect([indices.shape, perturbed.shape]).toEqual([
        [2, 2, 3],
        [2, 2, 3],
      ]);
      const [chosen, values, noise] = [
        await indices.data(),
        await perturbed.data(),
        await random.gumbel([2, 2, 4], {key}).data(),
      ];
      for (let row = 0; row < 4; row++) {
        const sums = logits[row % 2]!.map((l, c) => Math.fround(l + noise[4 * row + c]!));
        const order = [0, 1, 2, 3].sort((a, b) => sums[b]! - sums[a]!).slice(0, 3);
        expect(Array.from(chosen.slice(3 * row, 3 * row + 3))).toEqual(order);
        order.forEach((c, j) => expect(values[3 * row + j]).toBeCloseTo(sums[c]!, 5));
      }
    }
  });

  it('takes all classes, none of several, and those of weight 0 last where it cannot see them', async () => {
    const all = await readDraws(() => random.withoutReplacement([], {logits: [1, 2, 3], k: 3, key}));
    expect(all.values.sort()).toEqual([0, 1, 2]);
    expect((await readDraws(() => random.withoutReplacement([0], {logits: [1, 2, 3], k: 2, key}))).shape).toEqual([
      0, 2,
    ]);
    const unseen = await readDraws(() =>
      tf.tidy(() => random.withoutReplacement(20, {probs: tf.tensor1d([0, 1, 0, 1]), k: 4, key})),
    );
    for (let i = 0; i < 20; i++) {
      expect(unseen.values.slice(4 * i, 4 * i + 2).sort()).toEqual([1, 3]);
      expect(unseen.values.slice(4 * i + 2, 4 * i + 4)).toEqual([0, 2]);
    }
  });

  it('says what is wrong', () => {
    const bad = (options: Partial<random.WithoutReplacementOptions>) => () =>
      random.withoutReplacement(2, options as random.WithoutReplacementOptions);
    expect(bad({logits: [1, 2], k: 3})).toThrowError(
      'random.withoutReplacement: k must be an integer from 1 to 2, got 3',
    );
    expect(bad({logits: [1, 2]})).toThrowError(
      'random.withoutReplacement: k must be an integer from 1 to 2, got undefined',
    );
    expect(
      bad({
        probs: [
          [1, 1, 0],
          [0, 1, 0],
        ],
        k: 2,
      }),
    ).toThrowError('random.withoutReplacement: at least k = 2 classes must have a weight > 0, got 1 at [1]');
    expect(bad({probs: [1, -1], k: 1})).toThrowError('random.withoutReplacement: probs must be >= 0, got -1 at [1]');
    expect(bad({logits: [1, Infinity], k: 1})).toThrowError(
      'random.withoutReplacement: logits must be a number below Infinity, got Infinity at [1]',
    );
    expect(bad({k: 1})).toThrowError('random.withoutReplacement: give exactly one of logits and probs, got neither');
  });
});

describeBackends('random.permutation', () => {
  it('gives every order with the same probability', async () => {
    const n = 24_000;
    const counts = new Map<string, number>();
    for (const k of random.split(key, n)) {
      const t = random.permutation(4, {key: k});
      const order = Array.from(await t.data()).join('');
      t.dispose();
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    expect(chiSquarePValue([...counts.values()], new Array<number>(24).fill(1 / 24))).toBeGreaterThan(0.001);
  });

  it('is the same on every backend', async () => {
    const {values, dtype} = await readDraws(() => random.permutation(1000, {key}));
    expect(dtype).toBe('int32');
    expect([...values].sort((a, b) => a - b)).toEqual(Array.from({length: 1000}, (_, i) => i));
    expect(hash(values)).toBe(-500796075);
    expect((await readDraws(() => random.permutation(0, {key}))).values).toEqual([]);
  });

  it('moves the slices of a tensor, and gradients back', async () => {
    const x = tf.tensor2d([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    const order = (await readDraws(() => random.permutation(3, {key}))).values;
    expect((await readDraws(() => random.permutation(x, {axis: -1, key}))).values).toEqual([
      ...order.map(i => i + 1),
      ...order.map(i => i + 4),
    ]);
    expect((await readDraws(() => random.permutation(x, {axis: 1, key}))).shape).toEqual([2, 3]);
    const g = tf.grad(y => tf.mul(random.permutation(y, {axis: 1, key}), tf.tensor1d([1, 10, 100])))(x);
    const place = order.map((_, i) => 10 ** order.indexOf(i));
    expect(Array.from(await g.data())).toEqual([...place, ...place]);
  });

  it('says what is wrong', () => {
    expect(() => random.permutation(2.5)).toThrowError('random.permutation: give an integer >= 0 or a tensor, got 2.5');
    expect(() => random.permutation(3, {axis: 0})).toThrowError('random.permutation: axis goes with a tensor, got 0');
    expect(() => random.permutation(tf.scalar(1))).toThrowError(
      'random.permutation: a tensor must have at least 1 axis, got a float32 tensor of shape []',
    );
    expect(() => random.permutation(tf.ones([2, 2]), {axis: 2})).toThrowError(
      'random.permutation: axis must be an integer from -2 to 1, got 2',
    );
  });
});
