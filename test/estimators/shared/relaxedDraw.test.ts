import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {drawRelaxed} from '../../../src/estimators/shared/relaxedDraw.js';
import {describeBackends} from '../../helpers/backends.js';
import {read} from '../../helpers/near.js';
import {ksPValue} from '../../helpers/statistics.js';

describeBackends(
  'the draw of RELAX and REBAR',
  () => {
    const key = st.random.key(8);
    const families: Record<string, (logits: tf.Tensor) => st.Distribution> = {
      Bernoulli: logits => new st.Bernoulli({logits}),
      Categorical: logits => new st.Categorical({logits}),
      OneHotCategorical: logits => new st.OneHotCategorical({logits}),
    };

    for (const [name, make] of Object.entries(families)) {
      it(`is hard, with z and z̃ that harden to it: ${name}`, async () => {
        const logits = tf.tensor2d([
          [0.5, -1, 2],
          [0, 0.3, -0.2],
        ]);
        const kept = tf.tidy(() => {
          const q = make(logits);
          const {value, memo} = drawRelaxed('relax', q, [20], key);
          const harden = (z: tf.Tensor): tf.Tensor => tf.cast(q.relaxation!.harden(z), 'float32');
          return [value, memo!['z']!, memo!['zTilde']!, tf.cast(value, 'float32')].concat(
            harden(memo!['z']!),
            harden(memo!['zTilde']!),
          );
        });
        const [value, z, zTilde, hard, ofZ, ofTilde] = kept as [
          tf.Tensor,
          tf.Tensor,
          tf.Tensor,
          tf.Tensor,
          tf.Tensor,
          tf.Tensor,
        ]; // as many as were made
        expect(value.shape).toEqual(make(logits).sample(20, {key}).shape);
        expect([z.shape, zTilde.shape]).toEqual([
          [20, 2, 3],
          [20, 2, 3],
        ]);
        const b = await read(hard);
        expect(await read(ofZ)).toEqual(b);
        expect(await read(ofTilde)).toEqual(b);
        expect(await read(z)).not.toEqual(await read(zTilde));
        tf.dispose([value, logits]);
      });
    }

    it('has noise of its own in each: z given b has the law of z, and the two are independent given b', async () => {
      const n = 20_000;
      const {value, memo} = tf.tidy(() => {
        const drawn = drawRelaxed('relax', new st.Bernoulli({logits: 0.4}), [n], key);
        return {value: drawn.value, memo: drawn.memo!};
      });
      const [b, z, zTilde] = [await read(value), await read(memo['z']!), await read(memo['zTilde']!)];
      const cdf = (x: number): number => 1 / (1 + Math.exp(0.4 - x));
      expect(ksPValue(z, cdf)).toBeGreaterThan(0.001);
      expect(ksPValue(zTilde, cdf)).toBeGreaterThan(0.001);
      // given b = 1 the uniforms behind them are independent: their correlation is 0 within its standard error
      const u = (x: number): number => (cdf(x) - cdf(0)) / (1 - cdf(0)) - 0.5;
      const ones = b.flatMap((x, i) => (x === 1 ? [12 * u(z[i]!) * u(zTilde[i]!)] : []));
      const mean = ones.reduce((s, v) => s + v, 0) / ones.length;
      expect(Math.abs(mean)).toBeLessThan(4.5 / Math.sqrt(ones.length));
    });

    it('holds the value constant; z and z̃ follow the logits', async () => {
      const logits = tf.tensor1d([0.4, -0.3]);
      const slopeOf = async (of: (d: ReturnType<typeof drawRelaxed>) => tf.Tensor): Promise<number[]> =>
        read(
          tf.tidy(() =>
            tf.grad(t => {
              const drawn = drawRelaxed('relax', new st.Bernoulli({logits: t}), [], key);
              return tf.add(tf.sum(of(drawn)), tf.mul(0, tf.sum(t)));
            })(logits),
          ),
        );
      expect(await slopeOf(({value}) => value)).toEqual([0, 0]);
      expect(await slopeOf(({memo}) => memo!['z']!)).toEqual([1, 1]);
      const tilde = await slopeOf(({memo}) => memo!['zTilde']!);
      expect(tilde.every(g => g !== 0 && g !== 1 && Number.isFinite(g))).toBeTrue();
      logits.dispose();
    });

    it('refuses what has no relaxation', () => {
      expect(() => drawRelaxed('rebar', new st.Normal({loc: 0, scale: 1}), [], key)).toThrowError(
        'rebar: needs a distribution with a continuous relaxation, got "Normal"',
      );
    });
  },
  {only: ['cpu'], inBrief: []},
);
