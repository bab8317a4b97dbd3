import * as tf from '@tensorflow/tfjs-core';
import * as random from '../../src/random/index.js';
import {argMaxLast} from '../../src/random/discrete.js';
import {backendNames, describeBackends, sizeFor} from '../helpers/backends.js';
import {read, withoutLeak} from '../helpers/near.js';
import {chiSquarePValue, countsOf} from '../helpers/statistics.js';

describeBackends(
  'samplers of discrete values',
  () => {
    const key = random.key(42);
    const n = sizeFor({cpu: 50_000, wasm: 50_000, webgl: 20_000, webgpu: 20_000});

    it('random.bernoulli has its probabilities', async () => {
      for (const [options, p] of [
        [{probs: 0.3}, 0.3],
        [{logits: 2}, 1 / (1 + Math.exp(-2))],
        [{probs: 0}, 0],
        [{logits: 90}, 1],
      ] as const) {
        const x = withoutLeak('bernoulli', () => random.bernoulli(n, {...options, key}));
        expect(x.dtype).toBe('float32');
        expect(chiSquarePValue(countsOf(await x.data(), 2), [1 - p, p])).toBeGreaterThan(0.001);
      }
      const x = random.bernoulli([1000, 2], {probs: tf.tensor1d([0, 1]), key, dtype: 'int32'});
      expect(x.dtype).toBe('int32');
      expect(Array.from(await x.data()).every((v, i) => v === i % 2)).toBe(true);
      expect(random.bernoulli(2, {probs: 0.5, dtype: 'bool'}).dtype).toBe('bool');
      const none = undefined as unknown as random.BernoulliOptions;
      expect(() => random.bernoulli(2, {})).toThrowError(
        'random.bernoulli: give exactly one of logits and probs, got neither',
      );
      expect(() => random.bernoulli(2, none)).toThrowError(/random.bernoulli/);
      expect(() => random.bernoulli(2, {logits: 0, probs: 1})).toThrowError(
        'random.bernoulli: give exactly one of logits and probs, got both',
      );
      expect(() => random.bernoulli(2, {probs: [1, 0, 1]})).toThrowError(
        'random.bernoulli: probs must broadcast to the shape [2], got [1, 0, 1]',
      );
      expect(() => random.bernoulli(2, {probs: [0.5, -1]})).toThrowError(
        'random.bernoulli: probs must be in [0, 1], got -1 at [1]',
      );
      expect(() => random.bernoulli(2, {probs: 2})).toThrowError('random.bernoulli: probs must be in [0, 1], got 2');
      expect(() => random.bernoulli(2, {probs: 1, dtype: 'string' as 'bool'})).toThrowError(/dtype must be/);
    });

    it('random.categorical has its probabilities, at any rank', async () => {
      const probs = [0.1, 0, 0.6, 0.3];
      for (const options of [{probs}, {logits: probs.map(p => 5 + Math.log(p))}]) {
        const x = withoutLeak('categorical', () => random.categorical(n, {...options, key}));
        expect(x.dtype).toBe('int32');
        expect(chiSquarePValue(countsOf(await x.data(), 4), probs)).toBeGreaterThan(0.001);
      }
      const sharp = tf.tensor2d([
        [100, 0, 0],
        [0, 100, 0],
        [0, 0, 100],
      ]);
      const x = random.categorical([2, 5, 4, 3], {logits: sharp, key});
      expect(x.shape).toEqual([2, 5, 4, 3]);
      expect(Array.from(await x.data()).every((v, i) => v === i % 3)).toBe(true);
      expect(() => random.categorical(2, {logits: 1})).toThrowError(
        'random.categorical: logits must have at least 1 axis, got 1',
      );
      expect(() =>
        random.categorical(2, {
          logits: [
            [1, 2],
            [1, 2],
            [1, 2],
          ],
        }),
      ).toThrowError(/logits must broadcast to the shape \[2\]/);
      expect(() => random.categorical(2, {})).toThrowError(
        'random.categorical: give exactly one of logits and probs, got neither',
      );
    });

    it('give the same from numbers and from tensors, but where rounding tells', async () => {
      const logits = [0.3, -1.2, 2];
      const cases = {
        bernoulli: (p: tf.TensorLike | tf.Tensor) => random.bernoulli([400, 3], {logits: p, key}),
        categorical: (p: tf.TensorLike | tf.Tensor) => random.categorical([1200], {logits: p, key}),
      };
      for (const [name, draw] of Object.entries(cases)) {
        const [host, device] = [await read(draw(logits)), await read(tf.tidy(() => draw(tf.tensor1d(logits))))];
        const differ = host.filter((x, i) => x !== device[i]).length;
        expect(differ).withContext(name).toBeLessThan(4);
      }
    });

    it('leave out classes of logit −∞ and of weight 0, and find the greatest of a row, the first of equals', async () => {
      const sets = {logits: [-Infinity, 0, -Infinity], probs: [0, 3, 0]};
      for (const [name, values] of Object.entries(sets)) {
        const [host, device] = tf.tidy(() =>
          [values, tf.tensor1d(values)].map(given => random.categorical(200, {[name]: given, key})),
        );
        expect(new Set(await read(host!))).toEqual(new Set([1]));
        expect(new Set(await read(device!))).toEqual(new Set([1]));
      }
      const greatest = tf.tidy(() => argMaxLast(tf.tensor3d([[[1, 3, 2]], [[5, 4, 0]], [[2, 2, 2]]])));
      expect([greatest.shape, greatest.dtype]).toEqual([[3, 1], 'int32']);
      expect(await read(greatest)).toEqual([1, 0, 0]);
      const one = tf.tidy(() => argMaxLast(tf.tensor1d([0, 7])));
      expect(one.shape).toEqual([]);
      expect(await read(one)).toEqual([1]);
    });
  },
  {inBrief: backendNames},
);
