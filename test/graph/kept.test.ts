import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {contentsOf, logProbAlong, logProbKept, sampleKept} from '../../src/graph/kept.js';
import {describeBackends} from '../helpers/backends.js';
import {expectNear, read} from '../helpers/near.js';
import {withTape} from './upstream.js';

describeBackends(
  'a draw that is kept as it was before a map rounded it',
  () => {
    const key = st.random.key(5);
    const tanh = (loc: number | tf.Tensor, scale: number): st.Distribution =>
      new st.TransformedDistribution({
        distribution: new st.Normal({loc, scale}),
        bijector: new st.bijectors.Tanh(),
      });
    /** ln p of tanh x in double precision; 1 − tanh² x = 4 e^{−2|x|} / (1 + e^{−2|x|})². */
    const exact = (x: number, loc: number, scale: number): number =>
      -0.5 * ((x - loc) / scale) ** 2 -
      Math.log(scale * Math.sqrt(2 * Math.PI)) -
      (Math.log(4) - 2 * Math.abs(x) - 2 * Math.log1p(Math.exp(-2 * Math.abs(x))));

    it('is nothing but the draw where the family has no such map', async () => {
      const q = new st.Normal({loc: [0, 1], scale: 1});
      const {value, preImage} = sampleKept(q, [3], key, 'whole');
      expect(preImage).toBeNull();
      const x = Array.from(await value.data());
      expect(x).toEqual(await read(q.sample(3, {key})));
      const wanted = await read(q.logProb(value));
      for (const of of [logProbKept, logProbAlong])
        expectNear(await read(tf.tidy(() => of(q, value, null))), wanted, 'p');
      value.dispose();
    });

    it('has its log-probability where the value is rounded to a bound', async () => {
      const q = tanh(20, 0.5);
      const {value, preImage} = sampleKept(q, [4], key, 'whole');
      expect(await read(value)).toEqual([1, 1, 1, 1]);
      const x = Array.from(await preImage!.data());
      for (const of of [logProbKept, logProbAlong])
        expectNear(
          await read(tf.tidy(() => of(q, tf.ones([4]), {x: preImage!, reach: 'whole', isLinked: false}))),
          x.map(v => exact(v, 20, 0.5)),
          'ln p',
        );
      preImage!.dispose();
    });

    it('is constant where draws are, and follows the parameters where they do', async () => {
      const [fixed, linked] = withTape([0.2], w => [
        tf.grad(t => tf.sum(sampleKept(tanh(t, 0.5), [], key, 'fixed').value))(tf.mul(w, 1)),
        tf.grad(t => {
          const q = new st.TransformedDistribution({
            distribution: new st.Mixture({
              cat: new st.Categorical({probs: [0.5, 0.5]}),
              components: [0, 1].map(loc => new st.Normal({loc, scale: 1})),
            }),
            bijector: new st.bijectors.Chain([new st.bijectors.Tanh(), new st.bijectors.Shift({shift: t})]),
          });
          return tf.add(tf.sum(sampleKept(q, [], key, 'fixed').value), tf.mul(0, tf.sum(t)));
        })(tf.add(w, 3)),
      ]) as [tf.Tensor, tf.Tensor]; // two
      expect((await read(fixed))[0]).toBeGreaterThan(0);
      expect(await read(linked)).toEqual([0]);
    });

    it('has the derivative along the value, also of one that was held, and none where that is rounded', async () => {
      const slopes = withTape([0.3], w => {
        const held = (x: tf.Tensor): tf.Tensor =>
          tf.grad(y => tf.sum(logProbAlong(tanh(tf.mul(w, 1), 0.5), y, {x, reach: 'fixed', isLinked: false})))(
            tf.tanh(x),
          );
        return [held(tf.tensor1d([0.4])), held(tf.tensor1d([30]))];
      });
      const [inner, outer] = [await read(slopes[0]!), await read(slopes[1]!)];
      // d/dy of −(x − loc)²/(2s²) − ln(1 − y²), dx/dy = 1/(1 − y²)
      const y = Math.tanh(0.4);
      expect(inner[0]).toBeCloseTo((-(0.4 - 0.3) / 0.25 + 2 * y) / (1 - y * y), 4);
      expect(outer).toEqual([0]);
    });

    it('is good as long as nobody assigns to a variable of its distribution', () => {
      const loc = tf.tidy(() => tf.variable(tf.scalar(1)));
      const q = new st.Normal({loc, scale: 1});
      const before = contentsOf(q);
      expect(contentsOf(q)).toEqual(before);
      loc.assign(tf.scalar(2));
      expect(contentsOf(q)[0]).not.toBe(before[0]);
      loc.dispose();
    });
  },
  {only: ['cpu'], inBrief: []},
);
