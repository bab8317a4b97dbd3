import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {
  drawFromSupport,
  logMassWithout,
  logProbsAt,
  readLimit,
  supportSize,
  withoutTaken,
  type Choose,
} from '../../../src/estimators/shared/support.js';
import {describeBackends} from '../../helpers/backends.js';
import {expectNear, read} from '../../helpers/near.js';

describe('the limit of a listed support', () => {
  it('is 1024 unless another is given, and a count', () => {
    expect(readLimit('enumerate')).toBe(1024);
    expect(readLimit('enumerate', 3)).toBe(3);
    for (const bad of [0, 2.5, NaN, '3' as unknown as number])
      expect(() => readLimit('enumerate', bad)).toThrowError(/^enumerate: limit must be an integer >= 1, got /);
  });
});

describeBackends(
  'a listed support',
  () => {
    const probs = [
      [0.2, 0.5, 0.3],
      [0.6, 0.1, 0.3],
    ];
    const pairs = (): st.Distribution =>
      new st.Independent({distribution: new st.Bernoulli({probs: [0.2, 0.7]}), reinterpretedBatchNdims: 1});

    it('has a size, which the limit must not be below', () => {
      expect(supportSize('enumerate', pairs(), 4)).toBe(4);
      expect(() => supportSize('enumerate', pairs(), 3)).toThrowError(
        'enumerate: may list at most 3 values (the option limit), but Independent(Bernoulli) of event shape [2] has more, got 4',
      );
    });

    it('is drawn whole without a choice, weights k·p(x) along the leading axis', async () => {
      const {value, weights} = tf.tidy(() => {
        const drawn = drawFromSupport(new st.Categorical({probs, dtype: 'int32'}), [3]);
        return {value: drawn.value, weights: drawn.weights!};
      });
      expect([value.shape, value.dtype, weights.shape]).toEqual([[3, 2], 'int32', [3, 2]]);
      expect(await read(value)).toEqual([0, 0, 1, 1, 2, 2]);
      expectNear(
        await read(weights),
        [0, 1, 2].flatMap(k => [0, 1].map(b => 3 * probs[b]![k]!)),
        'weights',
      );
      const vectors = tf.tidy(() => {
        const drawn = drawFromSupport(pairs(), [4]);
        return {value: drawn.value, weights: drawn.weights!};
      });
      expect([vectors.value.shape, vectors.weights.shape]).toEqual([[4, 2], [4]]);
      const rows = await read(vectors.value);
      const mass = await read(vectors.weights);
      [0, 1, 2, 3].forEach(i => {
        const p = (rows[2 * i] === 1 ? 0.2 : 0.8) * (rows[2 * i + 1] === 1 ? 0.7 : 0.3);
        expect(mass[i]).toBeCloseTo(4 * p, 5);
      });
      expect(new Set([0, 1, 2, 3].map(i => `${rows[2 * i]},${rows[2 * i + 1]}`)).size).toBe(4);
    });

    it('is drawn by a choice, for every sample behind the leading axis and every element of the batch its own', async () => {
      const seen: number[][] = [];
      const choose: Choose = (logProbs, shape) => {
        seen.push([...logProbs.shape], shape);
        const index = tf.tensor3d(
          [
            [
              [0, 2],
              [1, 0],
            ],
            [
              [1, 2],
              [2, 1],
            ],
          ],
          undefined,
          'int32',
        );
        return {index, logWeights: logProbsAt(logProbs, index), memo: {index}};
      };
      const {value, weights, memo} = tf.tidy(() => {
        const drawn = drawFromSupport(new st.Categorical({probs}), [2, 2], choose);
        return {value: drawn.value, weights: drawn.weights!, memo: drawn.memo!};
      });
      expect(seen).toEqual([
        [2, 3],
        [2, 2, 3],
      ]);
      expect([value.shape, weights.shape]).toEqual([
        [2, 2, 2],
        [2, 2, 2],
      ]);
      const chosen = [0, 1, 1, 2, 2, 0, 2, 1]; // [k, rest, batch]
      expect(await read(value)).toEqual(chosen);
      expectNear(
        await read(weights),
        chosen.map((c, i) => 2 * probs[i % 2]![c]!),
        'weights',
      );
      expect(Object.keys(memo)).toEqual(['index']);
      expect((await read(memo['index']!)).length).toBe(8);
    });

    it('asks nobody where all values are wanted', async () => {
      const never: Choose = () => {
        throw new Error('asked');
      };
      const draw = (k: number): tf.Tensor => drawFromSupport(new st.Categorical({probs}), [k, 1], never).value;
      expect(await read(tf.tidy(() => draw(3)))).toEqual([0, 0, 1, 1, 2, 2]);
      expect(() => tf.tidy(() => draw(2))).toThrowError('asked');
    });

    it('has the most probable value in the place of one that cannot happen, with weight 0', async () => {
      const {value, weights} = tf.tidy(() => {
        const drawn = drawFromSupport(
          new st.OneHotCategorical({
            probs: [
              [0.25, 0, 0.75],
              [0, 1, 0],
            ],
          }),
          [3],
        );
        return {value: drawn.value, weights: drawn.weights!};
      });
      expect(value.shape).toEqual([3, 2, 3]);
      expectNear(await read(weights), [0.75, 0, 0, 3, 2.25, 0], 'weights');
      const at = (k: number): number[] => [0, 1, 2].map(c => (c === k ? 1 : 0));
      expect(await read(value)).toEqual([at(0), at(1), at(2), at(1), at(2), at(1)].flat());
    });

    it('is no part of the graph: neither value nor weight follows the parameters', async () => {
      const theta = tf.tensor1d([0.1, 0.2, 0.3]);
      const slope = await read(
        tf.tidy(() =>
          tf.grad(t => {
            const {value, weights} = drawFromSupport(new st.Categorical({logits: t}), [3]);
            return tf.add(tf.sum(tf.mul(value, weights!)), tf.mul(0, tf.sum(t)));
          })(theta),
        ),
      );
      expect(slope).toEqual([0, 0, 0]);
      theta.dispose();
    });

    it('gives the log-probabilities at places, without them, and the mass of the rest, however small', async () => {
      const logProbs = tf.log(tf.tensor2d([...probs, [1 - 1e-30, 1e-30, 1e-30]]));
      const index = tf.tensor3d(
        [
          [
            [0, 1],
            [2, 0],
            [0, 1],
          ],
        ],
        undefined,
        'int32',
      );
      expectNear(
        await read(tf.tidy(() => logProbsAt(logProbs, index))),
        [0.2, 0.5, 0.3, 0.6, 1, 1e-30].map(Math.log),
        'at places',
      );
      const rest = await read(tf.tidy(() => withoutTaken(logProbs, index)));
      expectNear([rest[2]!, rest[4]!, rest[8]!], [0.3, 0.1, 1e-30].map(Math.log), 'what is left');
      expect(rest.filter(l => l === -1e9).length).toBe(6);
      const mass = tf.tidy(() => logMassWithout(logProbs, tf.tensor3d([[[0], [2], [0]]], undefined, 'int32')));
      expect(mass.shape).toEqual([1, 3]);
      expectNear(await read(mass), [0.8, 0.7, 2e-30].map(Math.log), 'mass');
    });
  },
  {only: ['cpu'], inBrief: []},
);
