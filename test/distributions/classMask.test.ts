/**
 * Masks of classes, and classes of weight 0: values and derivatives against sums over the classes that are left, in
 * double precision.
 */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends} from '../helpers/backends.js';
import {expectNear, read, withoutLeak} from '../helpers/near.js';

type Config = st.CategoricalConfig;
type Make = (config: Config) => st.Categorical | st.OneHotCategorical;
const layouts: Record<string, Make> = {
  Categorical: c => new st.Categorical(c),
  OneHotCategorical: c => new st.OneHotCategorical(c),
};

const logits = [
  [0.3, -1.2, 0.8, 0.1],
  [2, 0.5, -0.4, 1.1],
  [0.2, 0.9, -2, 0.6],
];
const mask = [
  [true, false, true, true],
  [false, false, true, false],
  [true, true, true, false],
];
const softmax = (l: readonly number[]): number[] => {
  const e = l.map(x => Math.exp(x - Math.max(...l)));
  return e.map(x => x / e.reduce((a, b) => a + b, 0));
};
const probsOf = (row: number[], r: number): number[] => softmax(row.map((l, k) => (mask[r]![k] ? l : -Infinity)));
const left = logits.map(probsOf);
const plain = logits.map(softmax);
/** 0 ln 0 = 0. */
const xlogx = (p: number, q = p): number => (p === 0 ? 0 : p * Math.log(q));
const sum = (x: readonly number[]): number => x.reduce((a, b) => a + b, 0);
const prior = [0.1, 0.2, 0.3, 0.4];

/** The same law in every form in which it can be given. */
const forms: Record<string, () => Config> = {
  'logits and a mask of booleans': () => ({logits, mask}),
  'logits and a mask of numbers': () => ({logits, mask: mask.map(row => row.map(Number))}),
  'logits and a bool tensor': () => ({logits: tf.tensor2d(logits), mask: tf.tensor2d(mask, undefined, 'bool')}),
  'logits and an int32 tensor': () => ({
    logits: tf.tensor2d(logits),
    mask: tf.tensor2d(
      mask.map(row => row.map(Number)),
      undefined,
      'int32',
    ),
  }),
  'a tensor of logits and a list': () => ({logits: tf.tensor2d(logits), mask}),
  'probs and a mask': () => ({probs: plain, mask}),
  'a tensor of probs and a mask': () => ({probs: tf.tensor2d(plain), mask: tf.tensor2d(mask, undefined, 'bool')}),
  'logits of minus infinity': () => ({
    logits: logits.map((row, r) => row.map((l, k) => (mask[r]![k] ? l : -Infinity))),
  }),
  'probs of 0': () => ({probs: left}),
};
const disposeOf = (config: Config): void => tf.dispose(Object.values(config).filter(v => v instanceof tf.Tensor));
const gradientOf = (f: (x: tf.Tensor) => tf.Tensor, x: number[][]): tf.Tensor =>
  tf.tidy(() => tf.grad(f)(tf.tensor2d(x)));
const numerically = (f: (rows: number[][]) => number, x: number[][], h = 1e-5): number[] =>
  x.flatMap((row, r) =>
    row.map((v, k) => {
      const at = (d: number): number =>
        f(x.map((other, i) => (i === r ? other.map((w, j) => (j === k ? v + d : w)) : other)));
      return (at(h) - at(-h)) / (2 * h);
    }),
  );

describeBackends(
  'classes that are left out',
  () => {
    for (const [layout, make] of Object.entries(layouts)) {
      it(`have probability 0 in ${layout}, however that is said`, async () => {
        for (const [title, form] of Object.entries(forms)) {
          const config = form();
          const q = make(config);
          const p = make({probs: prior});
          const what = (name: string): string => `${name}, ${title}`;
          expect(q.batchShape).toEqual([3]);
          const of = async (name: string, f: () => tf.Tensor, expected: number[]): Promise<void> => {
            expectNear(await read(withoutLeak(what(name), f)), expected, what(name));
          };
          const support = q.enumerateSupport();
          await of(
            'prob',
            () => q.prob(support),
            [0, 1, 2, 3].flatMap(k => left.map(row => row[k]!)),
          );
          await of(
            'logProb',
            () => q.logProb(support),
            [0, 1, 2, 3].flatMap(k => left.map(row => Math.log(row[k]!))),
          );
          support.dispose();
          await of(
            'entropy',
            () => q.entropy(),
            left.map(row => -sum(row.map(x => xlogx(x)))),
          );
          await of(
            'divergence',
            () => st.klDivergence(q, p),
            left.map(row => sum(row.map((x, k) => xlogx(x) - xlogx(x, prior[k])))),
          );
          await of('divergence from itself', () => st.klDivergence(q, q), [0, 0, 0]);
          await of('divergence from what it leaves out', () => st.klDivergence(p, q), [Infinity, Infinity, Infinity]);
          const best = left.map(row => row.indexOf(Math.max(...row)));
          await of(
            'mode',
            () => tf.tidy(() => tf.cast(q.mode(), 'float32')),
            q.eventShape.length === 0 ? best : best.flatMap(k => [0, 1, 2, 3].map(i => Number(i === k))),
          );
          if (q instanceof st.Categorical) {
            await of(
              'cdf',
              () => q.cdf(1),
              left.map(row => row[0]! + row[1]!),
            );
            await of('quantile', () => tf.tidy(() => tf.cast(q.quantile(0.999), 'float32')), [3, 2, 2]);
          } else {
            await of('mean', () => q.mean(), left.flat());
            await of(
              'variance',
              () => q.variance(),
              left.flatMap(row => row.map(x => x * (1 - x))),
            );
          }
          const drawn = await read(tf.tidy(() => tf.cast(q.sample(200, {key: st.random.key(3)}), 'float32')));
          const index =
            q.eventShape.length === 0
              ? drawn
              : Array.from({length: 600}, (_, i) => drawn.slice(4 * i, 4 * i + 4).indexOf(1));
          expect(index.every((k, i) => mask[i % 3]![k]))
            .withContext(what('sample'))
            .toBeTrue();
          expect(new Set(index.filter((_, i) => i % 3 === 0)).size)
            .withContext(what('sample'))
            .toBe(3);
          disposeOf(config);
        }
      });

      it(`have the derivative 0 in ${layout}, and nothing is NaN`, async () => {
        const quantities: Record<string, [of: (q: st.Distribution) => tf.Tensor, exact: (p: number[]) => number]> = {
          entropy: [q => q.entropy(), p => -sum(p.map(x => xlogx(x)))],
          divergence: [
            q => st.klDivergence(q, make({probs: prior})),
            p => sum(p.map((x, k) => xlogx(x) - xlogx(x, prior[k]))),
          ],
          'cross entropy': [
            q => st.crossEntropy(q, make({probs: prior})),
            p => -sum(p.map((x, k) => xlogx(x, prior[k]))),
          ],
          'log-probability of class 2': [
            q => q.logProb(q.eventShape.length === 0 ? 2 : [0, 0, 1, 0]),
            p => Math.log(p[2]!),
          ],
          'probability of a class left out': [q => q.prob(q.eventShape.length === 0 ? 1 : [0, 1, 0, 0]), p => p[1]!],
        };
        for (const [title, [of, exact]] of Object.entries(quantities)) {
          const wanted = numerically(rows => sum(rows.map((row, r) => exact(probsOf(row, r)))), logits);
          const infinite = logits.map((row, r) => row.map((l, k) => (mask[r]![k] ? l : -Infinity)));
          const found: Record<string, tf.Tensor> = {
            'by a mask': gradientOf(t => of(make({logits: t, mask})), logits),
            'by a mask on probs': gradientOf(t => of(make({probs: tf.softmax(t), mask})), logits),
            'by logits of minus infinity': gradientOf(t => of(make({logits: t})), infinite),
            'by probs of those': gradientOf(t => of(make({probs: tf.softmax(t)})), infinite),
          };
          for (const [way, gradient] of Object.entries(found))
            expectNear(await read(gradient), wanted, `${title} ${way}`, false, 2e-5);
        }
      });
    }

    it('stay left out in copies: of other tensors, of a larger batch, under Independent, in mixtures', async () => {
      const q = new st.Categorical({logits: tf.tensor2d(logits), mask: tf.tensor2d(mask, undefined, 'bool')});
      const other = q.withTensors({logits: tf.tensor2d(plain)});
      expectNear(
        await read(other.prob(1)),
        [0, 0, softmax([plain[2]![0]!, plain[2]![1]!, plain[2]![2]!])[1]!],
        'withTensors',
      );
      const grown = q.expand([2]);
      expect(grown.batchShape).toEqual([2, 3]);
      expectNear(
        await read(grown.prob(2)),
        [...left, ...left].map(row => row[2]!),
        'expand',
      );
      const merged = q.expand([2], {merge: true});
      expectNear(
        await read(merged.prob(0)),
        [...left, ...left].map(row => row[0]!),
        'expand, merged',
      );
      expectNear(
        await read(st.independent(q).logProb([2, 2, 2])),
        [sum(left.map(row => Math.log(row[2]!)))],
        'independent',
      );
      const weights = new st.Categorical({logits: [0.3, 5, -0.2], mask: [1, 0, 1]});
      const mixture = new st.MixtureSameFamily({
        mixtureDistribution: weights,
        componentsDistribution: new st.Normal({loc: [0, 100, 2], scale: 1}),
      });
      const [w0, w2] = softmax([0.3, -0.2]) as [number, number]; // two
      expectNear(await read(mixture.mean()), [w2 * 2], 'mean of a mixture');
      expectNear(
        await read(mixture.prob(0.5)),
        [(w0 * Math.exp(-0.125) + w2 * Math.exp(-1.125)) / Math.sqrt(2 * Math.PI)],
        'density of a mixture',
      );
      [q, other, grown, merged].forEach(d => tf.dispose(Object.values(d.tensors())));
    });

    it('are drawn alike from arrays and tensors, and as −∞ logits are', async () => {
      const key = st.random.key(11);
      const infinite = logits.map((row, r) => row.map((l, k) => (mask[r]![k] ? l : -Infinity)));
      const draws = async (config: Config): Promise<number[]> => {
        const drawn = await read(new st.Categorical(config).sample(50, {key}));
        disposeOf(config);
        return drawn;
      };
      const wanted = await draws({logits: infinite});
      expect(await draws({logits, mask})).toEqual(wanted);
      expect(await draws({logits: logits[0]!, mask})).toEqual(
        await draws({logits: mask.map(row => row.map((m, k) => (m ? logits[0]![k]! : -Infinity)))}),
      );
    });
  },
  {inBrief: ['webgpu']},
);

describe('a mask that leaves nothing', () => {
  it('is refused where it is read', () => {
    const bad: Array<[Config, string]> = [
      [
        {logits: [0, 1], mask: [0, 0]},
        'mask must be true or false along the last axis, and not false for all classes, got [0, 0]',
      ],
      [
        {
          logits: [
            [0, 1],
            [0, 1],
          ],
          mask: [
            [1, 0],
            [0, 0],
          ],
        },
        'mask must be true or false along the last axis, and not false for all classes, got [0, 0] at [1]',
      ],
      [
        {logits: [0, 1], mask: [2, 1]},
        'mask must be true or false along the last axis, and not false for all classes, got [2, 1]',
      ],
      [{logits: [-Infinity, 1], mask: [1, 0]}, 'mask must leave a class that has a weight, got none'],
      [
        {
          probs: [
            [0.5, 0.5],
            [1, 0],
          ],
          mask: [0, 1],
        },
        'mask must leave a class that has a weight, got none at [1]',
      ],
      [{logits: [0, 1, 2], mask: [1, 0]}, 'mask must be of the 3 classes of logits along the last axis, got [1, 0]'],
      [{logits: [0, 1], mask: true}, 'mask must have at least 1 axis, got true'],
    ];
    for (const [layout, make] of Object.entries(layouts)) {
      for (const [config, message] of bad)
        expect(() => make(config))
          .withContext(message)
          .toThrowError(`${layout}: ${message}`);
    }
  });
});

describeBackends(
  'a tensor of a mask',
  () => {
    it('is read with validateArgs', () => {
      const nothing = tf.tensor1d([0, 0], 'bool');
      expect(() => new st.Categorical({logits: [0, 1], mask: nothing, validateArgs: true})).toThrowError(
        /^Categorical: mask must be true or false along the last axis, and not false for all/,
      );
      expect(() => new st.Categorical({logits: [0, 1], mask: nothing})).not.toThrow();
      const one = tf.tensor1d([1, 0], 'bool');
      const weights = tf.tensor1d([-Infinity, 0]);
      expect(() => new st.Categorical({logits: weights, mask: one, validateArgs: true})).toThrowError(
        /^Categorical: mask must leave a class that has a weight, got none/,
      );
      tf.dispose([nothing, one, weights]);
    });
  },
  {only: ['cpu', 'wasm']},
);
