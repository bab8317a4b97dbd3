import * as tf from '@tensorflow/tfjs-core';
import * as random from '../../src/random/index.js';
import {logUniformPair, normalNoise} from '../../src/random/noise.js';
import {backendNames, describeBackends, sizeFor} from '../helpers/backends.js';
import {expectNear, withoutLeak} from '../helpers/distributionSuite.js';
import {ksPValue, normalCdf} from '../helpers/statistics.js';

const cdfs = {
  normal: normalCdf,
  gumbel: (z: number) => Math.exp(-Math.exp(-z)),
  logistic: (z: number) => 1 / (1 + Math.exp(-z)),
  laplace: (z: number) => (z < 0 ? Math.exp(z) / 2 : 1 - Math.exp(-z) / 2),
};

describeBackends(
  'samplers',
  () => {
    const key = random.key(42);
    const n = sizeFor({cpu: 50_000, wasm: 50_000, webgl: 20_000, webgpu: 20_000});

    for (const name of ['normal', 'gumbel', 'logistic', 'laplace'] as const) {
      const sampler = random[name];

      it(`random.${name} has its distribution`, async () => {
        expect(ksPValue(await sampler(n, {key}).data(), cdfs[name])).toBeGreaterThan(0.001);
        const moved = withoutLeak(name, () => sampler([n], {key, loc: -3, scale: 0.5}));
        expect(ksPValue(await moved.data(), x => cdfs[name]((x + 3) / 0.5))).toBeGreaterThan(0.001);
      });

      it(`random.${name} takes tensors, differentiably`, async () => {
        const [loc, scale] = [tf.tensor2d([[1], [2]]), tf.tensor1d([1, 10, 100])];
        const standard = await sampler([2, 3], {key}).data();
        const x = withoutLeak(name, () => sampler([2, 3], {key, loc, scale}));
        const expected = Array.from(standard, (z, i) => 1 + Math.floor(i / 3) + z * 10 ** (i % 3));
        expectNear(await x.data(), expected, name);
        const g = tf.grad(s => tf.sum(sampler([2, 3], {key, scale: s})))(scale);
        expectNear(
          await g.data(),
          [0, 1, 2].map(i => standard[i]! + standard[i + 3]!),
          'gradient',
        );
        expect(Array.from(await sampler([], {key}).data())).toEqual([standard[0]!]);
      });

      it(`random.${name} says what is wrong`, () => {
        expect(() => sampler(2, {scale: 0})).toThrowError(`random.${name}: scale must be > 0, got 0`);
        expect(() => sampler(2, {scale: NaN})).toThrowError(`random.${name}: scale must be finite, got NaN`);
        expect(() => sampler(2, {loc: NaN})).toThrowError(`random.${name}: loc must be finite, got NaN`);
        expect(() =>
          sampler([2, 2], {
            scale: [
              [1, 2],
              [-3, 4],
            ],
          }),
        ).toThrowError(`random.${name}: scale must be > 0, got -3 at [1,0]`);
        expect(() => sampler(2, {loc: 'x'})).toThrowError(
          `random.${name}: loc must be a number, an array or a tensor, got "x"`,
        );
        expect(() => sampler(2, {loc: [1, 2, 3]})).toThrowError(
          `random.${name}: loc must broadcast to the shape [2], got [1, 2, 3]`,
        );
        expect(() => sampler(2, {mean: 1} as random.LocScaleOptions)).toThrowError(/unknown option "mean"/);
        expect(() => sampler(2, {key: 3 as unknown as random.Key})).toThrowError(
          `random.${name}: key must come from random.key, got 3`,
        );
        expect(() => sampler([0.5])).toThrowError(/a shape must be a list of integers >= 0/);
      });
    }

    it('random.exponential has its distribution', async () => {
      expect(ksPValue(await random.exponential(n, {key}).data(), x => 1 - Math.exp(-x))).toBeGreaterThan(0.001);
      const rate = tf.scalar(4);
      const fast = withoutLeak('exponential', () => random.exponential([2, n / 2], {key, rate}));
      expect(ksPValue(await fast.data(), x => 1 - Math.exp(-4 * x))).toBeGreaterThan(0.001);
      expect(() => random.exponential(2, {rate: -1})).toThrowError('random.exponential: rate must be > 0, got -1');
    });

    it('takes the edge of the noise without infinities, and odd sizes', async () => {
      // seeds whose first word is nearly the smallest or the greatest: 0x0000000b and 0xfffffff8
      for (const edge of [random.key(147171763), random.key(103823871)]) {
        for (const name of ['normal', 'gumbel', 'logistic', 'laplace', 'exponential'] as const) {
          const [v] = await random[name]([1], {key: edge}).data();
          expect(Number.isFinite(v) && v !== 0)
            .withContext(`${name}: ${v}`)
            .toBe(true);
        }
      }
      expect(await random.uniform([], {key: random.key(103823871)}).data()).toEqual(new Float32Array([1 - 2 ** -24]));
      expect(await random.uniform([], {key: random.key(147171763)}).data()).toEqual(new Float32Array([0]));
      const [five, six] = [await normalNoise([5], key).data(), await normalNoise([6], key).data()];
      expect(Array.from(six).slice(0, 5)).toEqual(Array.from(five));
      const {logU, log1mU} = logUniformPair([1000], key);
      const [a, b] = [await logU.data(), await log1mU.data()];
      a.forEach((v, i) => expect(Math.exp(v) + Math.exp(b[i]!)).toBeCloseTo(1, 5));
    });

    it('random.normal has the right moments, and nothing between its two halves', async () => {
      const x = Array.from(await random.normal(n, {key}).data());
      const mean = (f: (v: number, i: number) => number) => x.reduce((s, v, i) => s + f(v, i), 0) / n;
      expect(Math.abs(mean(v => v))).toBeLessThan(4.5 / Math.sqrt(n));
      expect(Math.abs(mean(v => v * v) - 1)).toBeLessThan(4.5 * Math.sqrt(2 / n));
      expect(Math.abs(mean(v => v ** 3))).toBeLessThan(4.5 * Math.sqrt(15 / n));
      expect(Math.abs(mean(v => v ** 4) - 3)).toBeLessThan(4.5 * Math.sqrt(96 / n));
      expect(Math.abs(mean((v, i) => (i % 2 === 0 ? v * v * x[i + 1]! ** 2 : 1)) - 1)).toBeLessThan(
        4.5 * Math.sqrt(8 / n),
      );
    });
  },
  {inBrief: backendNames},
);
