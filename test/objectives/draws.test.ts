import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {atDraws, checkDraws, drawsFrom, drawsWithLogProb} from '../../src/objectives/draws.js';
import {describeBackends} from '../helpers/backends.js';
import {expectNear, read, withoutLeak} from '../helpers/near.js';

describeBackends(
  'draws that a mean is taken over',
  () => {
    const key = st.random.key(3);
    const q = new st.Independent({distribution: new st.Normal({loc: [[0, 1, 2]], scale: 0.5})}); // [1], [3]
    const bits = new st.Bernoulli({logits: [0.3, -1]});

    it('are those that are given, or as many as are asked for, of the key or the next of the default stream', async () => {
      const z = tf.ones([4, 1, 3]);
      expect(drawsFrom('f', q, {z})).toBe(z);
      z.dispose();
      const wanted = await read(q.sample(5, {key}));
      expect(await read(withoutLeak('drawsFrom', () => drawsFrom('f', q, {samples: 5, key})))).toEqual(wanted);
      st.random.setSeed(2);
      const [one, two] = [await read(drawsFrom('f', q, {samples: 2})), await read(drawsFrom('f', q, {samples: 2}))];
      expect(one).not.toEqual(two);
      st.random.setSeed(2);
      expect(await read(drawsFrom('f', q, {samples: 2}))).toEqual(one);
      expect(() => drawsFrom('f', q, {})).toThrowError('f: give exactly one of z and samples, got neither');
      expect(() => drawsFrom('f', q, {z, samples: 1})).toThrowError('f: give exactly one of z and samples, got both');
    });

    it('come with ln q of each, of new ones as they were before a map rounded them', async () => {
      for (const d of [q, bits]) {
        const {z, logProb} = tf.tidy(() => drawsWithLogProb('f', d, {samples: 4, key}));
        expect(logProb.shape).toEqual([4, ...d.batchShape]);
        expectNear(await read(logProb), await read(d.logProb(z)), d.name);
        const given = tf.tidy(() => drawsWithLogProb('f', d, {z}));
        expect(given.z).toBe(z);
        expectNear(await read(given.logProb), await read(d.logProb(z)), d.name);
        z.dispose();
      }
      const saturated = new st.TransformedDistribution({
        distribution: new st.Normal({loc: 30, scale: 0.1}),
        bijector: new st.bijectors.Tanh(),
      });
      const made = tf.tidy(() => drawsWithLogProb('f', saturated, {samples: 3, key}));
      expect(await read(made.z)).toEqual([1, 1, 1]);
      const logs = await read(made.logProb);
      // ln p = ln φ((x − 30)/0.1)/0.1 − ln(1 − tanh²x), the second 2x − 2 ln 2, all within a few standard deviations
      logs.forEach(l => expect(Math.abs(l - (60 - 2 * Math.LN2))).toBeLessThan(12));
    });

    it('are checked: the distribution, the options, and the shape of what is given', () => {
      const at = (options: object, d: unknown = q, others?: readonly string[]) => {
        return () => checkDraws('f', d, options, others); // a user's may be anything
      };
      for (const good of [{}, {samples: 1}, {samples: 2, key}, {z: tf.zeros([1, 1, 3])}])
        expect(at(good)).not.toThrow();
      expect(at({form: 'x'}, q, ['form'])).not.toThrow();
      expect(at({form: 'x'})).toThrowError(/^f: unknown option "form"/);
      expect(at({}, 3)).toThrowError('f: the distribution to draw from must be a Distribution, got 3');
      for (const samples of [0, 1.5, NaN, '2'])
        expect(at({samples})).toThrowError(/^f: samples must be an integer >= 1, got /);
      for (const z of [3, [1], tf.zeros([1, 3]), tf.zeros([0, 1, 3]), tf.zeros([2, 3, 1]), tf.zeros([2, 1, 1, 3])])
        expect(at({z})).toThrowError(
          /^f: z must be a tensor of shape \[samples, batch…, event…\], here \[samples,1,3\], got /,
        );
    });

    it('have a function’s value each, which may be of size 1 along an axis, but has all axes or none', async () => {
      const z = tf.tidy(() => bits.sample(3, {key}));
      const grown = async (f: (z: tf.Tensor) => tf.Tensor): Promise<number[]> => {
        const value = tf.tidy(() => atDraws('g', 'f', f, bits, z));
        expect(value.shape).toEqual([3, 2]);
        return read(value);
      };
      expect(await grown(() => tf.scalar(7))).toEqual([7, 7, 7, 7, 7, 7]);
      expect(await grown(() => tf.tensor2d([[1, 2]]))).toEqual([1, 2, 1, 2, 1, 2]);
      expect(await grown(() => tf.tensor2d([[1], [2], [3]]))).toEqual([1, 1, 2, 2, 3, 3]);
      expect(await grown(x => tf.mul(x, 2))).toEqual(Array.from(await z.data(), x => 2 * x));
      for (const bad of [
        () => tf.zeros([3]),
        () => tf.zeros([2]),
        () => tf.zeros([3, 3]),
        () => tf.zeros([1, 3, 2]),
        () => tf.zeros([3, 2], 'int32'),
        () => 3 as never,
      ])
        expect(() => tf.tidy(() => atDraws('g', 'f', bad, bits, z))).toThrowError(
          /^g: f must return a float32 tensor of shape \[samples, batch…\], here \[3,2\], got /,
        );
      z.dispose();
    });
  },
  {only: ['cpu'], inBrief: []},
);
