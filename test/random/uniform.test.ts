import * as tf from '@tensorflow/tfjs-core';
import * as random from '../../src/random/index.js';
import {backendNames, describeBackends, sizeFor} from '../helpers/backends.js';
import {chiSquarePValue, countsOf, ksPValue} from '../helpers/statistics.js';

describeBackends(
  'random.uniform',
  () => {
    const key = random.key(42);
    const golden = [1832780943, 270669613, 430176367, 3485206521, 843694964, 392954440, 1681094280];

    it('gives the same bits on every backend and in every release', async () => {
      const bits = random.bits([7], {key});
      expect(bits.dtype).toBe('int32');
      expect(Array.from(await bits.data(), w => w >>> 0)).toEqual(golden);
      const uniform = random.uniform([7], {key});
      expect(uniform.dtype).toBe('float32');
      expect(Array.from(await uniform.data())).toEqual(golden.map(w => Math.floor(w / 256) / 2 ** 24));
    });

    it('gives the same bits after the device has touched them', async () => {
      const touched = tf.add(random.uniform([7], {key}), 0);
      expect(Array.from(await touched.data())).toEqual(golden.map(w => Math.floor(w / 256) / 2 ** 24));
    });

    it('makes a shorter draw the start of a longer one, of any shape', async () => {
      const long = Array.from(await random.uniform([4, 5], {key}).data());
      expect(Array.from(await random.uniform([2, 3], {key}).data())).toEqual(long.slice(0, 6));
      expect(random.uniform([], {key}).shape).toEqual([]);
      expect(Array.from(await random.uniform([], {key}).data())).toEqual(long.slice(0, 1));
      expect(random.uniform([3, 0], {key}).shape).toEqual([3, 0]);
      expect(random.uniform(3, {key}).shape).toEqual([3]);
    });

    it('is uniform', async () => {
      const n = sizeFor({cpu: 50_000, wasm: 50_000, webgl: 20_000, webgpu: 20_000});
      expect(ksPValue(await random.uniform(n, {key}).data(), x => x)).toBeGreaterThan(0.001);
      expect(ksPValue(await random.uniform(n, {key, low: -2, high: 6}).data(), x => (x + 2) / 8)).toBeGreaterThan(
        0.001,
      );
      const whole = random.uniform(n, {key, low: -3, high: 4, dtype: 'int32'});
      expect(whole.dtype).toBe('int32');
      expect(
        chiSquarePValue(
          countsOf(
            Array.from(await whole.data(), v => v + 3),
            7,
          ),
          new Array(7).fill(1 / 7),
        ),
      ).toBeGreaterThan(0.001);
      const bits = Array.from(await random.bits(n, {key}).data());
      for (let b = 0; b < 32; b++) {
        const ones = bits.reduce((sum, w) => sum + ((w >>> b) & 1), 0);
        expect(chiSquarePValue([ones, n - ones], [0.5, 0.5]))
          .withContext(`bit ${b}`)
          .toBeGreaterThan(1e-4);
      }
    });

    it('never gives high, though rounding would', async () => {
      for (const [low, high] of [
        [1, 2],
        [-1, 0],
        [-3, -2],
        [1e6, 1000000.0625],
        [-1e-3, 1e6],
      ] as const) {
        const x = await random.uniform(20_000, {key, low, high}).data();
        expect(x.every(v => v >= Math.fround(low) && v < Math.fround(high)))
          .withContext(`[${low}, ${high})`)
          .toBe(true);
      }
      const x = await random.uniform(5000, {key, low: -(2 ** 31), high: 2 ** 31, dtype: 'int32'}).data();
      expect(Math.min(...x)).toBeLessThan(-(2 ** 30));
      expect(Math.max(...x)).toBeGreaterThan(2 ** 30);
    });

    it('says what is wrong', () => {
      expect(() => random.uniform([-1])).toThrowError(
        'random.uniform: a shape must be a list of integers >= 0, got [-1]',
      );
      expect(() => random.uniform('3' as unknown as number)).toThrowError(
        /^random.uniform: a shape must be a list of integers >= 0, got "3"/,
      );
      expect(() => random.uniform(2, {low: 1})).toThrowError(
        'random.uniform: high must be > low = 1 in float32, got 1',
      );
      expect(() => random.uniform(2, {low: 1, high: 1 + 1e-12})).toThrowError(/high must be > low = 1 in float32/);
      expect(() => random.uniform(2, {low: NaN})).toThrowError('random.uniform: low must be a finite number, got NaN');
      expect(() => random.uniform(2, {high: 0.5, dtype: 'int32'})).toThrowError(
        'random.uniform: high must be an integer from -2147483648 to 2147483648, got 0.5',
      );
      expect(() => random.uniform(2, {low: 3, high: 3, dtype: 'int32'})).toThrowError(
        'random.uniform: high must be > low = 3, got 3',
      );
      expect(() => random.uniform(2, {dtype: 'bool' as 'int32'})).toThrowError(
        'random.uniform: dtype must be "float32" or "int32", got "bool"',
      );
      expect(() => random.uniform(2, {hihg: 2} as random.UniformOptions)).toThrowError(
        /unknown option "hihg"; did you mean "high"\?/,
      );
      expect(() => random.uniform(2, {key: 3 as unknown as random.Key})).toThrowError(
        'random.uniform: key must come from random.key, got 3',
      );
      expect(() => random.bits(2, {low: 0} as random.RandomOptions)).toThrowError(/unknown option "low"; known: key/);
    });
  },
  {inBrief: backendNames},
);
